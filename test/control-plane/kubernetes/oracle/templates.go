package main

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/util/jsonpath"
	"k8s.io/kubectl/pkg/cmd/get"
)

type templateQuestion struct {
	// Output is what -o is given: jsonpath={.items}, jsonpath-as-json={.items}.
	Output   string         `json:"output"`
	Document map[string]any `json:"document"`
}

type printed struct {
	// Text is what kubectl prints; of a list of results each, in Found, where it is jsonpath.
	Text  string     `json:"text"`
	Found [][]string `json:"found,omitempty"`
	// Refused is kubectl's error, Panicked what ends it without one.
	Refused  string `json:"refused,omitempty"`
	Panicked string `json:"panicked,omitempty"`
}

// template prints a document as kubectl get does with -o jsonpath.
func template(asked templateQuestion) (answer printed, _ error) {
	defer recovered(&answer)
	printer, err := genericclioptions.NewJSONPathPrintFlags("", true).ToPrinter(asked.Output)
	if err != nil {
		return printed{Refused: err.Error()}, nil
	}
	var out bytes.Buffer
	if err := printer.PrintObj(&unstructured.Unstructured{Object: asked.Document}, &out); err != nil {
		reason, _, _ := strings.Cut(err.Error(), ". Printing more information")
		return printed{Refused: reason}, nil
	}
	_, text, _ := strings.Cut(asked.Output, "=")
	parts := jsonpath.New("parts").AllowMissingKeys(true)
	if err := parts.Parse(text); err != nil {
		return printed{}, err
	}
	lists, err := parts.FindResults(asked.Document)
	if err != nil {
		return printed{}, err
	}
	answer.Text = out.String()
	for _, list := range lists {
		texts := []string{}
		for index := range list {
			texts = append(texts, partText(parts, list[index]))
		}
		answer.Found = append(answer.Found, texts)
	}
	return answer, nil
}

func partText(parts *jsonpath.JSONPath, value reflect.Value) string {
	var out bytes.Buffer
	if err := parts.PrintResults(&out, []reflect.Value{value}); err != nil {
		return err.Error()
	}
	return out.String()
}

type columnsQuestion struct {
	// Spec is what stands behind custom-columns=, or the text of a file of custom-columns-file.
	Spec      string           `json:"spec"`
	IsFile    bool             `json:"isFile"`
	NoHeaders bool             `json:"noHeaders"`
	Items     []map[string]any `json:"items"`
}

// columns prints a list as kubectl get does with -o custom-columns.
func columns(asked columnsQuestion) (answer printed, _ error) {
	defer recovered(&answer)
	decoder := scheme.Codecs.UniversalDecoder()
	read := func() (*get.CustomColumnsPrinter, error) {
		if asked.IsFile {
			return get.NewCustomColumnsPrinterFromTemplate(strings.NewReader(asked.Spec), decoder)
		}
		return get.NewCustomColumnsPrinterFromSpec(asked.Spec, decoder, asked.NoHeaders)
	}
	printer, err := read()
	if err != nil {
		return printed{Refused: err.Error()}, nil
	}
	list := &unstructured.UnstructuredList{Object: map[string]any{"kind": "List", "apiVersion": "v1"}}
	for _, item := range asked.Items {
		list.Items = append(list.Items, unstructured.Unstructured{Object: item})
	}
	var out bytes.Buffer
	if err := printer.PrintObj(list, &out); err != nil {
		return printed{Refused: err.Error()}, nil
	}
	return printed{Text: out.String()}, nil
}

func recovered(answer *printed) {
	if reason := recover(); reason != nil {
		*answer = printed{Panicked: fmt.Sprint(reason)}
	}
}
