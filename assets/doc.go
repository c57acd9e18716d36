// Package assets holds the files that travel inside the program: the wordmark,
// the one-page guide that the till shows, the products of the demonstration café,
// and the web pages of the sandbox.
//
// Nothing here decides anything. The files are read-only, the same in every
// build, and hold no price, name or number of a real shop. They are UTF-8 with
// Unix line endings; the tests hold them to the shapes described on each
// function, so a reader may rely on those.
package assets
