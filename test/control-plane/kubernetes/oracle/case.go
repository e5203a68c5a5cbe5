package main

import (
	"encoding/json"
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	kjson "sigs.k8s.io/json"
)

// wire is a case as it is written on a line.
type wire struct {
	// Objects are Roles, ClusterRoles, their bindings and Pods, as an API server serves them.
	Objects []json.RawMessage `json:"objects"`
	// Deleted are pods, as namespace and name, that are deleted after all objects were seen.
	Deleted [][2]string `json:"deleted"`
	Users   []struct {
		Name   string   `json:"name"`
		Groups []string `json:"groups"`
	} `json:"users"`
	// Requests are [user, verb, group, resource, subresource, namespace, name] or [user, verb, path], with the user's index
	// as text.
	Requests [][]string `json:"requests"`
}

type parsed struct {
	roles               []*rbacv1.Role
	roleBindings        []*rbacv1.RoleBinding
	clusterRoles        []*rbacv1.ClusterRole
	clusterRoleBindings []*rbacv1.ClusterRoleBinding
	pods                []*corev1.Pod
	deleted             [][2]string
	requests            []authorizer.AttributesRecord
}

// parse reads JSON as the API server does: keys are case-sensitive, unknown fields are dropped.
func parse(line []byte) (*parsed, error) {
	var w wire
	if err := kjson.UnmarshalCaseSensitivePreserveInts(line, &w); err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	result := &parsed{deleted: w.Deleted}
	for index, raw := range w.Objects {
		if err := result.add(raw); err != nil {
			return nil, fmt.Errorf("object %d: %w", index, err)
		}
	}
	users := make([]user.Info, len(w.Users))
	for index, u := range w.Users {
		users[index] = &user.DefaultInfo{Name: u.Name, Groups: u.Groups}
	}
	for index, fields := range w.Requests {
		attributes, err := attributesOf(fields, users)
		if err != nil {
			return nil, fmt.Errorf("request %d: %w", index, err)
		}
		result.requests = append(result.requests, attributes)
	}
	return result, nil
}

func (p *parsed) add(raw []byte) error {
	var kind metav1.TypeMeta
	if err := kjson.UnmarshalCaseSensitivePreserveInts(raw, &kind); err != nil {
		return err
	}
	switch kind.Kind {
	case "Role":
		return read(raw, &p.roles)
	case "RoleBinding":
		return read(raw, &p.roleBindings)
	case "ClusterRole":
		return read(raw, &p.clusterRoles)
	case "ClusterRoleBinding":
		return read(raw, &p.clusterRoleBindings)
	case "Pod":
		return read(raw, &p.pods)
	default:
		return fmt.Errorf("kind %q is none that an authorizer reads", kind.Kind)
	}
}

func read[T any](raw []byte, into *[]*T) error {
	object := new(T)
	if err := kjson.UnmarshalCaseSensitivePreserveInts(raw, object); err != nil {
		return err
	}
	*into = append(*into, object)
	return nil
}

func attributesOf(fields []string, users []user.Info) (authorizer.AttributesRecord, error) {
	var attributes authorizer.AttributesRecord
	if len(fields) != 3 && len(fields) != 7 {
		return attributes, fmt.Errorf("%d fields are neither a path's 3 nor a resource's 7", len(fields))
	}
	index, err := strconv.Atoi(fields[0])
	if err != nil || index < 0 || index >= len(users) {
		return attributes, fmt.Errorf("there is no user %q", fields[0])
	}
	attributes.User = users[index]
	attributes.Verb = fields[1]
	if len(fields) == 3 {
		attributes.Path = fields[2]
		return attributes, nil
	}
	attributes.ResourceRequest = true
	attributes.APIVersion = "v1"
	attributes.APIGroup = fields[2]
	attributes.Resource = fields[3]
	attributes.Subresource = fields[4]
	attributes.Namespace = fields[5]
	attributes.Name = fields[6]
	return attributes, nil
}
