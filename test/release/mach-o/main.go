// Command mach-o prints what an executable's signature says, and which pages are not as it says.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"

	"github.com/blacktop/go-macho"
)

type segment struct {
	Name         string
	Offset, Size uint64
	Address      uint64
	Memory       uint64
}

type report struct {
	CPU       string
	Length    int
	Segments  []segment
	Sections  []string
	Signature struct {
		Offset, Size       uint32
		ID, Flags          string
		CodeLimit          uint32
		ExecSegmentLimit   uint64
		Pages, DifferPages int
	}
}

func main() {
	result, err := read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		os.Exit(1)
	}
}

func read(path string) (*report, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file, err := macho.NewFile(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	result := &report{CPU: file.CPU.String(), Length: len(content)}
	for _, s := range file.Segments() {
		result.Segments = append(result.Segments, segment{s.Name, s.Offset, s.Filesz, s.Addr, s.Memsz})
	}
	for _, s := range file.Sections {
		result.Sections = append(result.Sections, s.Seg+","+s.Name)
	}
	signature := file.CodeSignature()
	if signature == nil || len(signature.CodeDirectories) != 1 {
		return nil, fmt.Errorf("there is no signature with one code directory")
	}
	directory := signature.CodeDirectories[0]
	to := &result.Signature
	to.Offset, to.Size = signature.Offset, signature.Size
	to.ID, to.Flags = directory.ID, directory.Header.Flags.String()
	to.CodeLimit, to.ExecSegmentLimit = directory.Header.CodeLimit, directory.Header.ExecSegLimit
	page := 1 << directory.Header.PageSize
	limit := int(directory.Header.CodeLimit)
	for index, slot := range directory.CodeSlots {
		begin, end := index*page, min((index+1)*page, limit)
		sum := sha256.Sum256(content[begin:end])
		if !bytes.Equal(sum[:], slot.Hash) {
			to.DifferPages++
		}
		to.Pages++
	}
	return result, nil
}
