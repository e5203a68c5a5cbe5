package main

import (
	"archive/zip"
	"strings"
	"time"
)

type zonesQuestion struct {
	Names []string `json:"names"`
}

type zonesAnswer struct {
	// Loaded and Valid have one digit a name: 1 where time.LoadLocation finds it, and where the API server takes it.
	Loaded string `json:"loaded"`
	Valid  string `json:"valid"`
}

func zones(asked zonesQuestion) (zonesAnswer, error) {
	var loaded, valid strings.Builder
	for index := range asked.Names {
		_, err := time.LoadLocation(asked.Names[index])
		loaded.WriteByte(digit(err == nil))
		valid.WriteByte(digit(len(validateTimeZone(&asked.Names[index], nil)) == 0))
	}
	return zonesAnswer{Loaded: loaded.String(), Valid: valid.String()}, nil
}

func digit(yes bool) byte {
	if yes {
		return '1'
	}
	return '0'
}

type zoneNamesQuestion struct {
	// Zip is Go's lib/time/zoneinfo.zip, of which time/tzdata is a copy. It cannot list its names itself.
	Zip string `json:"zip"`
}

type zoneNamesAnswer struct {
	Names []string `json:"names"`
}

func zoneNames(asked zoneNamesQuestion) (zoneNamesAnswer, error) {
	archive, err := zip.OpenReader(asked.Zip)
	if err != nil {
		return zoneNamesAnswer{}, err
	}
	defer archive.Close()
	var answer zoneNamesAnswer
	for _, file := range archive.File {
		if !strings.HasSuffix(file.Name, "/") {
			answer.Names = append(answer.Names, file.Name)
		}
	}
	return answer, nil
}

type offsetsQuestion struct {
	Zone string `json:"zone"`
	// From and To are seconds since the epoch.
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

type offsetsAnswer struct {
	// Spans are pairs of the second from which an offset applies, at the earliest From, and the offset in seconds.
	Spans [][2]int64 `json:"spans"`
}

func offsets(asked offsetsQuestion) (offsetsAnswer, error) {
	location, err := time.LoadLocation(asked.Zone)
	if err != nil {
		return offsetsAnswer{}, err
	}
	var answer offsetsAnswer
	for at := time.Unix(asked.From, 0).In(location); ; {
		_, offset := at.Zone()
		// A name may change without the offset.
		if last := len(answer.Spans) - 1; last < 0 || answer.Spans[last][1] != int64(offset) {
			answer.Spans = append(answer.Spans, [2]int64{at.Unix(), int64(offset)})
		}
		_, end := at.ZoneBounds()
		if end.IsZero() || end.Unix() > asked.To {
			return answer, nil
		}
		// On the last day of a leap year ZoneBounds gives an end that has passed.
		if !end.After(at) {
			end = at.Add(24 * time.Hour)
		}
		at = end
	}
}
