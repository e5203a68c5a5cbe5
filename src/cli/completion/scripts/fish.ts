/** The script for fish; its first lines say how it is loaded. */
export const fish = `# fish completion for kubectl-cronaudit, typed as one word; \`kubectl-cronaudit completion --install\` is for kubectl.
#
# In this shell:  kubectl-cronaudit completion fish | source
# In every one:   kubectl-cronaudit completion fish > ~/.config/fish/completions/kubectl-cronaudit.fish

function __kubectl_cronaudit_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    # A word whose quote is still open cannot be unescaped; what follows the quote is the word.
    set -l plain (string unescape -- $current 2>/dev/null)
    or set plain (string replace -r -- '^[\\'"]' '' $current)
    set -l program kubectl-cronaudit
    string match -q -- '*/*' $typed[1]
    and set program (string replace -r -- '^~/' "$HOME/" $typed[1])
    set -l lines ($program __complete-quoting $typed[2..-1] "$plain" 2>/dev/null </dev/null)
    string match -qr -- '^:[0-9]+$' "$lines[-1]"
    or return
    set -l directive (string sub -s 2 -- $lines[-1])
    set -e lines[-1]
    # Of --flag=value the answer has the value alone.
    set -l lead (string match -r -- '^-[^=]*=' "$plain")
    for line in $lines
        printf '%s\\n' "$lead$line"
    end
    if test (math "floor($directive / 4) % 2") -eq 0
        for path in (__fish_complete_path (string sub -s (math 1 + (string length -- "$lead")) -- "$plain"))
            printf '%s\\n' "$lead$path"
        end
    end
end

complete -c kubectl-cronaudit -e
complete -c kubectl-cronaudit -f -k -a '(__kubectl_cronaudit_complete)'
`;
