// Package web is what the parts of the gateway that speak HTTP have in common: a
// server that strangers cannot fill, and a client that goes nowhere but where it
// is told to.
//
//	s := web.Server{Name: "pap", Handler: h, Timeout: 10 * time.Second, WorkTime: time.Minute, Admit: admit, Log: log}
//	err := s.Serve(ctx, l) // returns when no request is at work any more
//
// What is served is HTTP/1 (RFC 9112), plain or over TLS: streams of HTTP/2 would
// go around the bounds on connections. What path, method and body mean, who may
// ask and what is counted is for those who use the package.
//
// # Layout
//
//	server.go    serving and stopping
//	listener.go  connections: who is let in, and whose head never came
//	request.go   where a request is from, and its body
//	client.go    one request of ours, and its answer
package web
