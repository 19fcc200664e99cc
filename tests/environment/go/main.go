// Prints what scaleway-sdk-go reads from an environment, for every case that it receives.
//
//	node ../run-go.mjs --write
//
// In the values of a case, $DIR is a folder that exists for this case only.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/scaleway/scaleway-sdk-go/logger"
	"github.com/scaleway/scaleway-sdk-go/scw"
)

// Case is an environment, and what a program asks for.
type Case struct {
	Name       string            `json:"name"`
	Env        map[string]string `json:"env"`
	Files      map[string]string `json:"files"`
	Modes      map[string]uint32 `json:"modes"`
	Profile    *string           `json:"profile"`
	ConfigPath string            `json:"configPath"`
}

// Result is what the loader made of it.
type Result struct {
	Name string `json:"name"`
	// Profile is the profile of the file with the environment over it.
	Profile *scw.Profile `json:"profile,omitempty"`
	// Error is where loading, or making a client of the profile, failed.
	Error    string   `json:"error,omitempty"`
	Warnings []string `json:"warnings"`
}

// recorder keeps the warnings.
type recorder struct{ warnings []string }

func (r *recorder) Debugf(string, ...any) {}
func (r *recorder) Infof(string, ...any)  {}
func (r *recorder) Errorf(string, ...any) {}
func (r *recorder) Warningf(format string, args ...any) {
	r.warnings = append(r.warnings, strings.TrimSpace(fmt.Sprintf(format, args...)))
}
func (r *recorder) ShouldLog(level logger.LogLevel) bool { return level >= logger.LogLevelWarning }

func main() {
	var cases []Case
	check(json.NewDecoder(os.Stdin).Decode(&cases))
	results := make([]Result, 0, len(cases))
	for _, one := range cases {
		results = append(results, run(one))
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	check(encoder.Encode(results))
}

func run(one Case) (result Result) {
	dir, err := os.MkdirTemp("", "environment-")
	check(err)
	defer os.RemoveAll(dir)
	inside := func(text string) string { return strings.ReplaceAll(text, "$DIR", dir) }
	check(os.Chdir(dir))
	for name, content := range one.Files {
		path := filepath.Join(dir, name)
		check(os.MkdirAll(filepath.Dir(path), 0o700))
		mode, isSet := one.Modes[name]
		if !isSet {
			mode = 0o600
		}
		check(os.WriteFile(path, []byte(content), os.FileMode(mode)))
		check(os.Chmod(path, os.FileMode(mode)))
	}
	os.Clearenv()
	for name, value := range one.Env {
		check(os.Setenv(name, inside(value)))
	}
	record := &recorder{warnings: []string{}}
	logger.SetLogger(record)
	result.Name = one.Name
	var printed string
	defer func() {
		if thrown := recover(); thrown != nil {
			result.Profile = nil
			result.Error = "panic"
		}
		result.Error = strings.ReplaceAll(result.Error, dir, "$DIR")
		result.Warnings = record.warnings
		if strings.Contains(printed, "permissions") {
			result.Warnings = append(result.Warnings, "permissions")
		}
	}()

	var config *scw.Config
	printed = captured(func() {
		if one.ConfigPath != "" {
			config, err = scw.LoadConfigFromPath(inside(one.ConfigPath))
		} else {
			config, err = scw.LoadConfig()
		}
	})
	var notFound *scw.ConfigFileNotFoundError
	if err != nil && !errors.As(err, &notFound) {
		result.Error = err.Error()
		return result
	}
	profile := &scw.Profile{}
	if err == nil {
		if one.Profile != nil {
			profile, err = config.GetProfile(*one.Profile)
		} else {
			profile, err = config.GetActiveProfile()
		}
		if err != nil {
			result.Error = err.Error()
			return result
		}
	}
	profile = scw.MergeProfiles(profile, scw.LoadEnvProfile())
	if _, err := scw.NewClient(scw.WithProfile(profile)); err != nil {
		result.Error = err.Error()
		return result
	}
	result.Profile = profile
	return result
}

// captured runs a function and returns what it printed.
func captured(body func()) string {
	reader, writer, err := os.Pipe()
	check(err)
	stdout := os.Stdout
	os.Stdout = writer
	body()
	os.Stdout = stdout
	check(writer.Close())
	text, err := io.ReadAll(reader)
	check(err)
	return string(text)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
