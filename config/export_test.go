package config

// QuickVault is a vault whose files are quick to open, and to guess.
func QuickVault(ask Passphrase) *Vault {
	v := NewVault(ask)
	v.work = 8
	return v
}
