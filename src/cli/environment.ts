/** The environment variables that the program reads, and what each does; help and the man page show them. */
export const ENVIRONMENT: readonly { name: string; meaning: string }[] = [
  { name: "KUBECONFIG", meaning: "kubeconfig files, merged as kubectl merges them; --kubeconfig outranks it" },
  {
    name: "HTTPS_PROXY, HTTP_PROXY, NO_PROXY",
    meaning: "proxy to the API server; the kubeconfig's proxy-url outranks it",
  },
  { name: "NO_COLOR", meaning: "no colours, unless --color always is given" },
  { name: "TERM", meaning: "dumb: no colours, no progress line, no list to choose from" },
  { name: "CI", meaning: "no progress line" },
  { name: "XDG_STATE_HOME", meaning: "where the journals of holds and labs go; by default ~/.local/state" },
];
