/** The script for zsh; its first lines say how it is loaded. */
export const zsh = `#compdef kubectl-cronaudit
# zsh completion for kubectl-cronaudit, typed as one word; \`kubectl-cronaudit completion --install\` is for kubectl.
#
# In this shell:  source <(kubectl-cronaudit completion zsh)
# In every one:   kubectl-cronaudit completion zsh > "\${fpath[1]}/_kubectl-cronaudit"
# Both need what ~/.zshrc has with most set-ups: autoload -U compinit; compinit

_kubectl-cronaudit() {
    local program=kubectl-cronaudit line word directive longest=0
    local -a lines found meanings shown options
    [[ \${words[1]} == */* ]] && program=\${(Q)words[1]/#\\~\\//$HOME/}
    lines=("\${(@f)$("$program" __complete-quoting "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
    [[ \${lines[-1]} == :<-> ]] || return 1
    directive=\${lines[-1]#:}
    lines[-1]=()
    # Of --flag=value the answer has the value alone.
    [[ $PREFIX == -*=* ]] && compset -P '-[^=]#='
    for line in "\${lines[@]}"; do
        word=\${line%%$'\\t'*}
        found+=("$word")
        (( \${#word} > longest )) && longest=\${#word}
    done
    for line in "\${lines[@]}"; do
        word=\${line%%$'\\t'*}
        if [[ $line == *$'\\t'* ]]; then
            line="\${(r:$longest:)word}  -- \${line#*$'\\t'}"
            shown+=("\${line[1,COLUMNS-1]}")
        else
            shown+=("$word")
        fi
    done
    (( directive & 2 )) && options=(-S '')
    [[ "\${lines[*]}" == *$'\\t'* ]] && options+=(-l)
    (( \${#found} )) && compadd "\${options[@]}" -V cronaudit -d shown -a found
    (( directive & 4 )) || _files
    (( \${#found} )) || (( ! (directive & 4) ))
}

if [[ \${funcstack[1]} == _kubectl-cronaudit ]]; then
    _kubectl-cronaudit "$@"
else
    compdef _kubectl-cronaudit kubectl-cronaudit
fi
`;
