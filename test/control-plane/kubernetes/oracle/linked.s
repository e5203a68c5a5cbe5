// Functions without a body are legal only in a package that has assembly. Theirs are in Kubernetes' packages: linked.go.
