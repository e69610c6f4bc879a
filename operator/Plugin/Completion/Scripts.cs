namespace Sluice.Plugin.Completion;

/// <summary>What shells source. All of them ask <c>kubectl-sluice __complete</c>.</summary>
internal static class Scripts
{
    public static readonly IReadOnlyDictionary<string, string> All = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["fish"] = Fish,
        ["kubectl"] = Kubectl,
        ["zsh"] = Zsh,
    };

    const string Bash = """
        # source <(kubectl-sluice completion bash)
        _kubectl_sluice() {
          local line
          COMPREPLY=()
          while IFS= read -r line; do
            case $line in
              :*) ;;
              *) COMPREPLY+=("${line%%$'\t'*}") ;;
            esac
          done < <("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -o default -F _kubectl_sluice kubectl-sluice

        """;

    const string Zsh = """
        #compdef kubectl-sluice
        # source <(kubectl-sluice completion zsh)
        _kubectl-sluice() {
          local line
          local -a found
          while IFS= read -r line; do
            [[ $line == :* ]] && continue
            line=${line//:/\\:}
            found+=("${line/$'\t'/:}")
          done < <("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
          if (( ${#found} )); then
            _describe 'kubectl sluice' found
          else
            _files
          fi
        }
        compdef _kubectl-sluice kubectl-sluice

        """;

    const string Fish = """
        # kubectl-sluice completion fish | source
        function __kubectl_sluice_complete
          set -l before (commandline -opc)
          set -l found (kubectl-sluice __complete $before[2..-1] (commandline -ct) 2>/dev/null | string match --invert ':*')
          if set -q found[1]
            printf '%s\n' $found
          else
            __fish_complete_path (commandline -ct)
          end
        end
        complete -c kubectl-sluice -f -a '(__kubectl_sluice_complete)'

        """;

    /// <summary>kubectl asks a program of this name on the PATH to complete its plugin.</summary>
    const string Kubectl = """
        #!/bin/sh
        # Save as kubectl_complete-sluice on the PATH, executable; kubectl's own completion then completes 'kubectl sluice'.
        exec kubectl-sluice __complete "$@"

        """;
}
