/** The script for bash; its first lines say how it is loaded. */
export const bash = `# bash completion for kubectl-cronaudit, typed as one word; \`kubectl-cronaudit completion --install\` is for kubectl.
#
# In this shell:  source <(kubectl-cronaudit completion bash)
# In every one, where bash-completion is installed:
#   kubectl-cronaudit completion bash > ~/.local/share/bash-completion/completions/kubectl-cronaudit
# Without it, write the script to any file, and source that in ~/.bashrc.

# Sets \`plain\` to a word without its quotes, and \`quote\` to one that is still open. Nothing in it is expanded.
__kubectl_cronaudit_plain() {
    local text=$1 char
    plain='' quote=''
    while [[ -n $text ]]; do
        char=\${text:0:1} text=\${text:1}
        case $quote$char in
            \\'\\' | \\"\\") quote='' ;;
            \\' | \\") quote=$char ;;
            \\"\\\\)
                [[ \${text:0:1} == [\\"\\\\\\$\\\`] ]] || plain+=$char
                plain+=\${text:0:1} text=\${text:1}
                ;;
            \\\\) plain+=\${text:0:1} text=\${text:1} ;;
            *) plain+=$char ;;
        esac
    done
}

# Splits the line up to the cursor into \`typed\`: what COMP_WORDBREAKS took apart without a space is one word again.
__kubectl_cronaudit_words() {
    local rest=\${COMP_LINE:0:COMP_POINT} index space raw=''
    typed=()
    for ((index = 0; index <= COMP_CWORD; index++)); do
        space=\${rest%%[![:space:]]*}
        rest=\${rest#"$space"}
        if [[ -n $space && $index -gt 0 ]]; then
            __kubectl_cronaudit_plain "$raw"
            typed+=("$plain")
            raw=''
        fi
        if ((index == COMP_CWORD)); then
            raw+=$rest
        else
            raw+=\${COMP_WORDS[index]}
            rest=\${rest#"\${COMP_WORDS[index]}"}
        fi
    done
    __kubectl_cronaudit_plain "$raw"
    typed+=("$plain")
}

# One reply: the part of the word that is still to come, quoted as the place needs it.
__kubectl_cronaudit_reply() {
    local word=\${1#"$finished"} quoted
    case $open in
        \\') [[ $word == *\\'* ]] || replies+=("$word") ;;
        \\") [[ $word == *[\\"\\\\\\$\\\`!]* ]] || replies+=("$word") ;;
        *)
            printf -v quoted %q "$word"
            replies+=("$quoted")
            ;;
    esac
}

__kubectl_cronaudit_complete() {
    local program=kubectl-cronaudit plain quote open typed replies=() meanings=() finished lead=''
    local out directive line index longest=0 tab=$'\\t'
    case $1 in
        \\~/*) program=$HOME/\${1#\\~/} ;;
        */*) program=$1 ;;
    esac
    COMPREPLY=()
    __kubectl_cronaudit_words
    open=$quote
    local current=$plain
    out=$("$program" __complete-quoting "\${typed[@]:1}" 2>/dev/null </dev/null) || return 0
    directive=\${out##*:}
    [[ $directive == [0-9]* ]] || return 0
    out=\${out%:*}
    # Of --flag=value the answer has the value alone, and bash wants what follows its last word break.
    [[ $current == -*=* ]] && lead=\${current%%=*}=
    __kubectl_cronaudit_plain "$2"
    finished=\${current%"$plain"}
    while IFS= read -r line; do
        [[ -n $line ]] || continue
        index=\${#replies[@]}
        __kubectl_cronaudit_reply "$lead\${line%%$tab*}"
        ((\${#replies[@]} > index)) || continue
        meanings[index]=''
        [[ $line == *"$tab"* ]] && meanings[index]=\${line#*"$tab"}
        ((\${#replies[index]} > longest)) && longest=\${#replies[index]}
    done <<<"$out"
    # 9 is a TAB that inserts, 37 and 42 go through the replies one by one; all others show a list.
    case \${#replies[@]}:\${COMP_TYPE:-9} in
        [01]:* | *:9 | *:37 | *:42) ;;
        *)
            for index in "\${!replies[@]}"; do
                [[ -n \${meanings[index]} ]] || continue
                printf -v line '%-*s  (%s)' "$longest" "\${replies[index]}" "\${meanings[index]}"
                ((\${#line} < \${COLUMNS:-80})) || line=\${line:0:\${COLUMNS:-80} - 2}…
                replies[index]=$line
            done
            ;;
    esac
    if [[ $(type -t compopt) == builtin ]]; then
        ((directive & 2)) && compopt -o nospace
        ((directive & 4)) && compopt +o default
        ((directive & 32)) && compopt -o nosort 2>/dev/null
    elif ((\${#replies[@]} == 1 && !(directive & 2))); then
        replies[0]+=' '
    fi
    ((\${#replies[@]} == 0)) || COMPREPLY=("\${replies[@]}")
    return 0
}

# Before version 4, as on macOS, bash has no compopt: the space is then part of the reply.
if [[ $(type -t compopt) == builtin ]]; then
    complete -o default -F __kubectl_cronaudit_complete kubectl-cronaudit
else
    complete -o default -o nospace -F __kubectl_cronaudit_complete kubectl-cronaudit
fi
`;
