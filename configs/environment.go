package configs

import (
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/viper"
)

// Variable is an environment variable that goes before a key of the file.
type Variable struct{ Name, Key string }

// Environment lists the variables. They are the few values that differ
// between two machines that share one file; everything else is in the file.
func Environment() []Variable {
	return []Variable{
		{"OTAGATE_NODE_NUMBER", "node.number"},
		{"OTAGATE_LOG_LEVEL", "log.level"},
		{"OTAGATE_LOG_FORMAT", "log.format"},
		{"OTAGATE_STORE_PATH", "store.path"},
		{"OTAGATE_SMPP_LISTEN", "smpp.listen"},
		{"OTAGATE_HTTP_LISTEN", "http.listen"},
		{"OTAGATE_IOTA_LISTEN", "iota.listen"},
	}
}

func bindEnvironment(v *viper.Viper) error {
	for _, e := range Environment() {
		if err := v.BindEnv(e.Key, e.Name); err != nil {
			return err
		}
	}
	// viper would make another number of what does not fit.
	if s := os.Getenv("OTAGATE_NODE_NUMBER"); s != "" {
		if _, err := strconv.ParseUint(s, 10, 8); err != nil {
			return fmt.Errorf("environment variable OTAGATE_NODE_NUMBER: %q is not a node; allowed is 0 to 15", s)
		}
	}
	return nil
}
