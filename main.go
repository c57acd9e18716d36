// Command centrapos is a till for shops that take payment through Centrapay.
package main

import (
	"context"
	"os"

	"centrapos/ui/cli"
)

func main() {
	cli.AbortOnFault()
	os.Exit(cli.Run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}
