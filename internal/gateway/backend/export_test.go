package backend

import "net/http"

// Through makes r ask through t, for tests on virtual time.
func (r *Reporter) Through(t http.RoundTripper) { r.client.Transport = t }
