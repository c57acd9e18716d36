// Package people knows who may do what at the till, by their PINs.
//
// # Nouns
//
// A person has a name, a role and a PIN of four to eight digits. An assistant sells;
// a supervisor approves what is beyond the limits, too; the owner also says who the
// others are.
//
// A PIN alone says who somebody is, so no two people have the same one, and staff
// change in one entry. After three wrong ones the till waits before it takes another,
// each time longer; the count outlives a restart.
//
// # What always holds
//
//   - The file holds no PIN: argon2id of it, with a salt of the person's own, keyed by
//     a secret that lies elsewhere (in the system keyring). Without that secret the file
//     can be tried for ever: there are only ten thousand PINs of four digits, and each
//     of them may be any of 2^256 keyed ones.
//   - How long a check takes says nothing about whose PIN it was, or how much of it was
//     right: it is compared with everybody's, in constant time.
//   - There is always somebody who may say who the others are: the last owner cannot
//     be taken out or made an assistant.
//   - The file is for its owner alone, and replaced whole or not at all.
//
// # Threats
//
// Who can read the keyring of the till's user has the secret; who can run programs as
// that user can do whatever the till can. PINs keep colleagues and customers from
// using a till that is open in front of them, not somebody who owns the machine.
package people
