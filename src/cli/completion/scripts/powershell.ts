/** The script for PowerShell; its first lines say how it is loaded. */
export const powershell = `# PowerShell completion for kubectl-cronaudit, typed as one word; \`kubectl-cronaudit completion --install\` is for kubectl.
#
# In this shell:  kubectl-cronaudit completion powershell | Out-String | Invoke-Expression
# In every one:   kubectl-cronaudit completion powershell >> $PROFILE

Register-ArgumentCompleter -Native -CommandName 'kubectl-cronaudit' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words before the one under the cursor, without their quotes.
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
            Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or ($wordToComplete -eq '' -and $_.Extent.EndOffset -le $cursorPosition) } |
            ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
    $current = $wordToComplete -replace '^["'']' -replace '["'']$'
    # Before 7.3 an empty argument was left out.
    $last = if ($current -ne '') { $current } elseif ($PSVersionTable.PSVersion -lt [version]'7.3.0') { '""' } else { '' }

    $lines = @(& 'kubectl-cronaudit' '__complete-quoting' @words $last 2>$null)
    if ($lines.Count -eq 0 -or $lines[-1] -notmatch '^:(\\d+)$') { return }
    $directive = [int]$Matches[1]
    # Of --flag=value the answer has the value alone.
    $lead = if ($current -match '^-[^=]*=') { $Matches[0] } else { '' }

    foreach ($line in ($lines | Select-Object -SkipLast 1)) {
        $word, $meaning = $line -split "\`t", 2
        if (-not $meaning) { $meaning = $word }
        $text = $lead + $word
        # Quoted where PowerShell would take it for more than a word.
        if ($text -notmatch '^[\\p{L}\\p{N}_%+=:./-]+$') { $text = "'" + $text.Replace("'", "''") + "'" }
        if (($directive -band 2) -eq 0) { $text += ' ' }
        [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $meaning)
    }
    # Without a result PowerShell completes files by itself; one that says nothing keeps it from that.
    if ($lines.Count -eq 1 -and ($directive -band 4) -ne 0) { '' }
}
`;
