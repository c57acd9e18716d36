// Package api is a Go client of the Centrapay API.
package api
