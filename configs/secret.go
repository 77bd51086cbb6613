package configs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// secret is where something is kept that is not in the configuration: a file
// or an environment variable.
type secret struct{ file, env string }

// read gives what the file or the variable holds. Its errors do not show the
// name of either: by mistake that is the secret itself.
func (s secret) read() (string, error) {
	if s.file != "" {
		b, err := os.ReadFile(s.file)
		if err != nil {
			var path *fs.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			return "", fmt.Errorf("the file of this name cannot be read: %w", err)
		}
		return string(b), nil
	}
	text := os.Getenv(s.env)
	if text == "" {
		return "", errors.New("no environment variable of this name is set")
	}
	return text, nil
}
