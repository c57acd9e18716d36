// Package catalogue keeps a shop's products: a file in the till's data folder, so
// that a shop of a million products starts as fast as one of ten.
//
// # Nouns
//
// A product is what the shop sells at a price (pos.Product). Its SKU is its name
// among programs and there is one of each; the case of its letters does not matter.
// A barcode belongs to one product; an EAN-13 and the UPC-A in it are one barcode.
//
// A quick key is a number under which a product is sold by one key.
//
// An import takes products from a CSV file. A bad row is one of which no product
// can be made; a remark is about one that was taken though something is odd with
// it. A row is taken, bad, or continues another one (a picture of a product in an
// export of Shopify, say); Report counts all of them, and they add up to Rows.
//
// # What always holds
//
//   - An import is one transaction: until it is done, and if it fails, the till
//     sells from the catalogue of before.
//   - No row is dropped without being told, with its line and why. Of two rows for
//     one product, or with one barcode, the first counts.
//   - What Export writes, Import reads back to the same products.
//   - Prices include tax and are kept in the currency's smallest unit. A catalogue
//     is in one currency and says so.
//   - Looking up reads an index, searching reads at most a few hundred products:
//     neither grows with the catalogue.
//
// # Searching
//
// Each word typed has to begin a word of the name; accents and macrons do not
// count. Products whose name begins with what was typed come first, then by name.
// Where nothing is found, words that no name has are taken for typing errors of
// words that some have: one letter wrong, missing, too many or exchanged with its
// neighbour in words of four letters, two in words of seven.
package catalogue
