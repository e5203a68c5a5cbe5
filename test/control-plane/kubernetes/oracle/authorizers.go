package main

import (
	"context"
	"fmt"

	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/authorization/union"
	"k8s.io/kubernetes/pkg/auth/nodeidentifier"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/node"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

const (
	rbacAllows = 1
	nodeAllows = 2
)

// authorizers are those of `--authorization-mode=Node,RBAC`, as pkg/kubeapiserver/authorizer/reload.go builds them, but with
// Node apart so that its answer can be told.
type authorizers struct {
	rbac authorizer.Authorizer
	node authorizer.Authorizer
}

func newAuthorizers(given *parsed) authorizers {
	_, static := validation.NewTestRuleResolver(
		given.roles, given.roleBindings, given.clusterRoles, given.clusterRoleBindings,
	)
	graph := node.NewGraph()
	for _, pod := range given.pods {
		// updatePod of graph_populator.go passes over a pod that has no node yet, and looks at nothing else of it.
		if len(pod.Spec.NodeName) > 0 {
			graph.AddPod(pod)
		}
	}
	for _, pod := range given.deleted {
		graph.DeletePod(pod[1], pod[0])
	}
	return authorizers{
		rbac: union.New(
			authorizerfactory.NewPrivilegedGroups(user.SystemPrivilegedGroup),
			rbac.New(static, static, static, static),
		),
		node: node.NewAuthorizer(graph, nodeidentifier.NewDefaultNodeIdentifier(), bootstrappolicy.NodeRules()),
	}
}

// decide returns one digit a request. Neither authorizer ever denies: what it does not allow, it has no opinion on.
func (a authorizers) decide(ctx context.Context, given *parsed) (string, error) {
	digits := make([]byte, len(given.requests))
	for index := range given.requests {
		byRBAC, err := allows(ctx, a.rbac, &given.requests[index])
		if err != nil {
			return "", fmt.Errorf("request %d: RBAC: %w", index, err)
		}
		byNode, err := allows(ctx, a.node, &given.requests[index])
		if err != nil {
			return "", fmt.Errorf("request %d: Node: %w", index, err)
		}
		digits[index] = '0'
		if byRBAC {
			digits[index] += rbacAllows
		}
		if byNode {
			digits[index] += nodeAllows
		}
	}
	return string(digits), nil
}

func allows(ctx context.Context, of authorizer.Authorizer, attributes authorizer.Attributes) (bool, error) {
	decision, _, err := of.Authorize(ctx, attributes)
	if decision == authorizer.DecisionDeny {
		return false, fmt.Errorf("denied a request of %q", attributes.GetUser().GetName())
	}
	return decision == authorizer.DecisionAllow, err
}
