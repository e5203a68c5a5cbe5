// The oracle answers what Kubernetes' own authorizers decide: it links the code that kube-apiserver runs.
//
// It reads one JSON case a line from stdin and answers one JSON line each, in order. The first line that it writes names the
// version of Kubernetes in it. It ends with stdin.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

type answer struct {
	// Decisions has one digit a request: 1 where the privileged group or RBAC allows it, plus 2 where the Node authorizer does.
	Decisions string `json:"decisions,omitempty"`
	Error     string `json:"error,omitempty"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "oracle: %v\n", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriterSize(out, 1<<16)
	encoder := json.NewEncoder(writer)
	if err := encoder.Encode(map[string]string{"kubernetes": kubernetesVersion()}); err != nil {
		return err
	}
	for {
		// Whoever asks one case at a time waits for its answer; a stream of cases is answered in large writes.
		if reader.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return err
			}
		}
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return writer.Flush()
		}
		if err != nil {
			return fmt.Errorf("reading a case: %w", err)
		}
		if err := encoder.Encode(judge(line)); err != nil {
			return err
		}
	}
}

func judge(line []byte) answer {
	given, err := parse(line)
	if err != nil {
		return answer{Error: err.Error()}
	}
	decisions, err := newAuthorizers(given).decide(context.Background(), given)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Decisions: decisions}
}

func kubernetesVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, module := range info.Deps {
		if module.Path == "k8s.io/kubernetes" {
			return module.Version
		}
	}
	return "unknown"
}
