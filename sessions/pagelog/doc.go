// Package pagelog keeps the log of package pages in files of its own.
package pagelog
