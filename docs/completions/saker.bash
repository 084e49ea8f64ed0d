# bash completion for saker
_saker() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local options="-h --help -c --dry-run -e -L -l --list --list-events --format --markdown -N -M -o --option -p --print -P --pidfile -r -U --unbuffered
		-V --validate -v --version -w --gzip --write-filter --event --limit --config-schema --rule-schema --page-size"
	COMPREPLY=()
	case $prev in
	--format) COMPREPLY=($(compgen -W "text markdown json" -- "$cur")) && return ;;
	-o | --option)
		compopt -o nospace 2>/dev/null
		COMPREPLY=($(compgen -W "$(sakerc list config 2>/dev/null | cut -f1 | sed 's/$/=/')" -- "$cur"))
		return
		;;
	-l | -M | -p | --print | --write-filter | --event | --limit) return ;;
	esac
	case $cur in
	--list=*) COMPREPLY=($(compgen -W "syscall k8s_audit" -- "${cur#*=}")) && return ;;
	-*) COMPREPLY=($(compgen -W "$options" -- "$cur")) && return ;;
	esac
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "why $options" -- "$cur"))
		return
	fi
	COMPREPLY=($(compgen -f -- "$cur"))
}
complete -o filenames -F _saker saker
