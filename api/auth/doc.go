// Package auth is what a program needs to act for people at Centrapay: it logs
// them in, keeps their access tokens fresh for an api.Client, says what a role
// may do, and verifies the calls that Centrapay makes itself. Programs with an API
// key need only package api and, perhaps, the table of roles.
//
// # Logging in
//
// A [Provider] stands for the issuer where users log in, and for one program,
// which Centrapay knows by a client id and by the redirect URLs that it allows.
// [Provider.Login] opens the login page in the system's browser, waits on an
// address of this machine for the browser to come back, and returns [Tokens]:
//
//	provider, err := auth.NewProvider(auth.Config{ClientID: id})
//	tokens, err := provider.Login(ctx, auth.LoginOptions{
//		Show: func(address string) { fmt.Fprintln(os.Stderr, "Log in at", address) },
//	})
//	fmt.Println("Hello,", tokens.Claims.DisplayName())
//
// It is the authorization code flow with PKCE (S256), state and nonce. The ID
// token is believed only with a good signature by a key of the issuer, for this
// client id, in its time and for this very login. Whatever else reaches the
// listening address, such as another page of the browser, does not end the login.
//
// # Calls of a user
//
// An access token lasts an hour, the refresh token behind it 60 days. A [Source]
// turns the tokens of a login into an api.TokenSource that renews them two minutes
// ahead, once for all who ask:
//
//	source := provider.Source(tokens, auth.SourceOptions{OnRefresh: keep})
//	defer source.Close()
//	client, err := api.New(api.DefaultBaseURL, api.WithUserToken(source), api.WithAccount(orgAccountID))
//
// An issuer that is slow or down does not stop calls while the token at hand is
// good. When the issuer refuses the refresh token, errors match
// api.ErrLoginRequired: the person has to log in again. A refresh token may be
// void once it is used, so OnRefresh is told new tokens before they are used, and
// Kept is asked what another process with the same login has kept before the
// person is. [StaticToken] is a source of a single token; [Provider.Revoke] ends a
// login.
//
// # Secrets
//
// No verb of fmt, logger, encoder or error shows a token, a code or an answer of
// the issuer. [Secret.Reveal] and [Tokens.Export] give them out, to be kept where
// secrets are. Requests have limits of time and size, go over https (or to this
// machine), and follow no redirect.
//
// # Roles
//
// What a [Role] may do is data: the documented table of [Permission] by role, as it
// is now and as it was in the founding documents, with the [Flags] that some
// permissions ask of accounts. [May] answers with a reason in a sentence, and
// [MayCall] does for a call of package api by its name:
//
//	auth.MayCall(auth.MerchantTerminal, "Merchants.Get").Reason
//	// A merchant terminal does not have merchants:read; an account owner and a cashier do.
//
// It is advice to explain a refusal with; the service decides.
//
// # Calls from Centrapay
//
// Centrapay signs the calls that it makes to others. A [Verifier] checks one: the
// signature (ES256, by a key that Centrapay publishes, read again when keys
// rotate), the time, the audience, and that the body is the one that was signed.
// [Verifier.Verify] then returns the [Notification] of a webhook:
//
//	n, err := verifier.Verify(r.Context(), r.Header.Get("Authorization"), body)
//	switch {
//	case errors.Is(err, auth.ErrNotGenuine): // 401
//	case errors.Is(err, auth.ErrKeysUnavailable): // 503, so that it comes again
//	}
//
// Notifications come at least once and in any order. The documents' numeric sample
// does not check out, since its hash is that of another text than its payload, and
// is of no use as a test. Webhooks of the first generation are another format; see
// package legacy.
package auth
