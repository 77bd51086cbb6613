// Package rendezvous is where handsets fetch MMC documents.
package rendezvous
