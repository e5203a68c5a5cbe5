// The oracle answers what Kubernetes' own code decides: the authorizers that kube-apiserver runs, the schedules and finish
// times of kube-controller-manager, and what kubectl prints by a template.
//
// It reads one JSON question a line from stdin and answers one JSON line each, in order. The first line that it writes names the
// version of Kubernetes in it. It ends with stdin. A question names its kind in "ask"; one without is a case for the authorizers.
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

	kjson "sigs.k8s.io/json"
)

type decided struct {
	// Decisions has one digit a request: 1 where the privileged group or RBAC allows it, plus 2 where the Node authorizer does.
	Decisions string `json:"decisions"`
}

// questions has what is asked besides authorizers, by the name that a line has in "ask".
var questions = map[string]func(line []byte) (any, error){
	"":          decide,
	"schedule":  question(activations),
	"missed":    question(missed),
	"zones":     question(zones),
	"zoneNames": question(zoneNames),
	"offsets":   question(offsets),
	"finish":    question(finish),
	"template":  question(template),
	"columns":   question(columns),
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

func judge(line []byte) any {
	result, err := ask(line)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return result
}

func ask(line []byte) (any, error) {
	var kind struct {
		Ask string `json:"ask"`
	}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(line, &kind); err != nil {
		return nil, err
	}
	answer, ok := questions[kind.Ask]
	if !ok {
		return nil, fmt.Errorf("nothing answers %q", kind.Ask)
	}
	return answer(line)
}

// question reads what is asked as the API server reads an object.
func question[Q any, A any](answer func(Q) (A, error)) func([]byte) (any, error) {
	return func(line []byte) (any, error) {
		var asked Q
		if err := kjson.UnmarshalCaseSensitivePreserveInts(line, &asked); err != nil {
			return nil, err
		}
		return answer(asked)
	}
}

func decide(line []byte) (any, error) {
	given, err := parse(line)
	if err != nil {
		return nil, err
	}
	decisions, err := newAuthorizers(given).decide(context.Background(), given)
	return decided{Decisions: decisions}, err
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
