// Package testpassword is the password of the accounts in tests, with its hash. It is
// imported by tests only.
package testpassword

// Text is the password, and Hash its bcrypt hash of the lowest cost: a bind in a test
// need not take long.
const (
	Text = "secret"
	Hash = "$2b$04$8Y4f55R98nsKy/du/X1ANuv4Pjgv9hIVkynQM8JDkPlY6cvaaOP9e"
)
