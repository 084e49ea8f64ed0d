# bash completion for sakerc
_sakerc() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]:-}
	local commands="compile check fmt dump describe verify list explain schema"
	local options="-o --output --format --deny --lint --check --color --extra-output --dialect --only --no-pass --sandbox --ast --ir --code --interest --origins
		--source --names --all -h --help -V --version"
	COMPREPLY=()
	case $prev in
	--format)
		if [ "$command" = list ]; then
			COMPREPLY=($(compgen -W "text markdown json" -- "$cur"))
		else
			COMPREPLY=($(compgen -W "text json sarif junit github falco falco-json" -- "$cur"))
		fi
		return
		;;
	--no-pass) COMPREPLY=($(compgen -W "simplify specialise order select share" -- "$cur")) && return ;;
	--source) COMPREPLY=($(compgen -W "syscall k8s_audit" -- "$cur")) && return ;;
	--dialect) COMPREPLY=($(compgen -W "saker falco" -- "$cur")) && return ;;
	--lint) COMPREPLY=($(compgen -W "default all none correct cost style" -- "$cur")) && return ;;
	--deny) COMPREPLY=($(compgen -W "warnings lint $(sakerc list diags --names 2>/dev/null)" -- "$cur")) && return ;;
	--extra-output | --only) return ;;
	esac
	case $cur in
	--color=*) COMPREPLY=($(compgen -W "auto always never" -- "${cur#*=}")) && return ;;
	-*) COMPREPLY=($(compgen -W "$options" -- "$cur")) && return ;;
	esac
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "$commands" -- "$cur"))
		return
	fi
	case $command in
	list) COMPREPLY=($(compgen -W "fields events ops operators transformers diags config" -- "$cur")) ;;
	schema) COMPREPLY=($(compgen -W "rules config" -- "$cur")) ;;
	explain) COMPREPLY=($(compgen -W "$(sakerc list diags --names 2>/dev/null)" -- "$cur")) ;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _sakerc sakerc
