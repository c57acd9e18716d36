package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"centrapos/api"
	"centrapos/config"
	"centrapos/ui/widget"
)

// sights is what a key can see of the shop.
type sights struct {
	accounts  []api.AccountMembership
	merchants []choice
}

// choice is something that can be chosen, with the money it is of where that is known.
type choice struct {
	id, name, liveness string
}

// label is the choice for people.
func (c choice) label() string { return strings.TrimSpace(c.name + " " + c.id) }

// mostMerchants is more than anybody chooses from in a terminal.
const mostMerchants = 50

// look finds the merchants of the key's account. A till's key may not list them, but
// everybody may search them; where neither tells anything the ids are typed.
func (i *installation) look(ctx context.Context) error {
	account := i.seen.accounts[0]
	if i.settings.MerchantAccountID != "" {
		at := slices.IndexFunc(i.seen.accounts, func(m api.AccountMembership) bool { return m.AccountID == i.settings.MerchantAccountID })
		if at < 0 {
			return &failure{exit: exitUsage, Code: codeAccount,
				Message: fmt.Sprintf("the key acts for the account %s, and the profile %s is of the account %s. Nothing was changed. Use the key of that account, or set up another profile",
					widget.Clean(account.AccountID), i.settings.Profile, i.settings.MerchantAccountID)}
		}
		account = i.seen.accounts[at]
		i.seen.accounts[0], i.seen.accounts[at] = account, i.seen.accounts[0]
	}
	if i.guided {
		i.say("Centrapay takes the key: %s", membershipText(account))
	}
	i.seen.merchants = merchantsOf(ctx, i.line.client, account.AccountID)
	return nil
}

// merchantsOf lists the merchants of an account, as far as the caller may see them.
func merchantsOf(ctx context.Context, client *api.Client, accountID string) []choice {
	var list []choice
	for m, err := range client.Merchants.AllByAccount(ctx, accountID, api.ListMerchantsParams{}) {
		if err != nil || len(list) == mostMerchants {
			break
		}
		list = append(list, choice{m.ID, m.Name, livenessWord(bool(m.Test))})
	}
	if len(list) > 0 {
		return list
	}
	for m, err := range client.Merchants.SearchAll(ctx, api.SearchMerchantsParams{AccountID: accountID}) {
		if err != nil || len(list) == mostMerchants {
			break
		}
		if m.AccountID == accountID { // a search that knows no accounts finds those of others
			list = append(list, choice{m.ID, m.Name, livenessOf(m.AcceptedAssets)})
		}
	}
	return list
}

func livenessWord(test bool) string {
	if test {
		return config.LivenessTest
	}
	return config.LivenessMain
}

// livenessOf is the money of what a merchant takes; "" where that does not agree.
func livenessOf(assets []api.AcceptedAsset) string {
	out := ""
	for i, a := range assets {
		if l := string(a.AssetType.Liveness()); i == 0 {
			out = l
		} else if l != out {
			return ""
		}
	}
	return out
}

// nameShop settles the merchant and the config.
func (i *installation) nameShop(ctx context.Context) error {
	given := choice{id: i.settings.MerchantID}
	at := slices.IndexFunc(i.seen.merchants, func(c choice) bool { return c.id == given.id })
	switch {
	case at >= 0:
		i.merchant = i.seen.merchants[at]
	case given.id != "" || len(i.seen.merchants) == 0 && !i.guided:
		i.merchant = given
	default:
		var err error
		if i.merchant, err = i.pick("Merchant-id", "merchant-id", i.seen.merchants, true); err != nil {
			return err
		}
	}
	if err := i.nameConfig(ctx); err != nil {
		return err
	}
	i.settings.MerchantID = i.merchant.id
	if i.settings.MerchantAccountID == "" {
		i.settings.MerchantAccountID = i.seen.accounts[0].AccountID
	}
	name := firstOf(i.flags.merchantName, i.settings.MerchantName, i.merchant.name)
	if i.guided && i.flags.merchantName == "" {
		var err error
		if name, err = i.lines.ask("Name of the shop, for the header and receipts", name, settingCheck(config.KeyMerchantName)); err != nil {
			return err
		}
	}
	i.settings.MerchantName = name
	return nil
}

// nameConfig settles the config id, which every payment request needs.
func (i *installation) nameConfig(ctx context.Context) error {
	var configs []choice
	if i.merchant.id != "" {
		list, _, err := i.line.client.Merchants.Configs(ctx, i.merchant.id)
		if err == nil {
			for _, c := range list {
				configs = append(configs, choice{c.ID, assetsWord(c), string(c.Liveness())})
			}
		}
	}
	if i.settings.ConfigID == "" {
		var err error
		if i.config, err = i.pick("Config-id", "config-id", configs, false); err != nil {
			return err
		}
		i.settings.ConfigID = i.config.id
	} else {
		i.config = choice{id: i.settings.ConfigID}
		if len(configs) > 0 && !slices.ContainsFunc(configs, func(c choice) bool { return sameConfig(c.id, i.config.id) }) {
			return noneSeen("the config "+i.config.id+" is not one of the merchant "+i.merchant.label()+", so the right one", "config-id", configs)
		}
	}
	i.liveness = firstOf(configLiveness(ctx, i.line.client, i.settings.ConfigID), i.merchant.liveness)
	if i.liveness == "" && bool(i.seen.accounts[0].TestAccount) {
		i.liveness = config.LivenessTest
	}
	return nil
}

// sameConfig compares config ids, which occur with and without their beginning.
func sameConfig(a, b string) bool {
	return strings.TrimPrefix(a, "mc_") == strings.TrimPrefix(b, "mc_")
}

func assetsWord(c api.MerchantConfig) string {
	var names []string
	for _, o := range c.PaymentOptions {
		names = append(names, string(o.Type))
	}
	if len(names) > 3 {
		names = append(names[:3], "…")
	}
	return strings.Join(names, "+")
}

// configLiveness is the money of a config, "" where the caller may not read it.
func configLiveness(ctx context.Context, client *api.Client, configID string) string {
	if c, _, err := client.Merchants.Config(ctx, configID); err == nil {
		return string(c.Liveness())
	}
	return ""
}

// pick chooses one of what is seen: the only one, the one somebody names, or what
// somebody types where nothing is seen.
func (i *installation) pick(what, flag string, seen []choice, optional bool) (choice, error) {
	switch {
	case len(seen) == 1:
		return seen[0], nil
	case !i.guided:
		return choice{}, noneSeen(strings.ToLower(what), flag, seen)
	case len(seen) == 0:
		prompt := what + ", as Centrapay gave it out"
		if optional {
			prompt += " (may be left out)"
		}
		id, err := i.lines.ask(prompt, "", func(text string) error {
			if text == "" && optional {
				return nil
			}
			return settingCheck(config.Key(flag))(text)
		})
		return choice{id: id}, err
	}
	for n, c := range seen {
		i.say("  %d  %s%s", n+1, widget.Clean(c.label()), moneyWord(c.liveness))
	}
	n, err := i.lines.number(what, len(seen))
	if err != nil {
		return choice{}, err
	}
	return seen[n-1], nil
}

// rightLiveness refuses real money in a profile of test money, and the reverse.
func (i *installation) rightLiveness() error {
	want := i.settings.Liveness
	if want != "" && i.liveness != "" && want != i.liveness {
		return wrongMoney(i.settings, i.liveness)
	}
	if want != "" && i.liveness == "" {
		i.warn("Which money the merchant takes could not be seen with this key; the profile %s is meant for %s.", i.settings.Profile, strings.TrimPrefix(moneyWord(want), ", "))
	}
	return nil
}

// wrongMoney is the refusal of a merchant of the other money.
func wrongMoney(s config.Settings, liveness string) error {
	is, want := strings.TrimPrefix(moneyWord(liveness), ", "), strings.TrimPrefix(moneyWord(s.Liveness), ", ")
	return &failure{exit: exitUsage, Code: codeLiveness,
		Message: fmt.Sprintf("the profile %s is for %s, and its merchant takes %s; no payment was asked for. Run \"centrapos setup\" with the right key and config-id, or choose the profile that is meant with --profile", s.Profile, want, is)}
}
