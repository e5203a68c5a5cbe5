// Reads the macOS executables of a release back, with a library that had no part in making them.
module kubectl-cronaudit.test/mach-o

go 1.26

require github.com/blacktop/go-macho v1.1.296

require github.com/blacktop/go-dwarf v1.1.0 // indirect
