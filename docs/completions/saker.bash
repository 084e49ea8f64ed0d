# bash completion for saker
# Names of files may hold anything but line feeds; only they are escaped.
_saker_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -P "$inline" -f -- "$cur")
}
_saker_words() {
	mapfile -t COMPREPLY < <(compgen -P "$inline" -W "$1" -- "$cur")
}
# The value of the option OPTION; false if it has none, or none behind a blank.
_saker_value() {
	case $1 in
	-c | -e | -r | -w | -P | --pidfile | -V | --validate) _saker_files ;;
	--format) _saker_words "text markdown json" ;;
	-o | --option)
		compopt -o nospace 2>/dev/null
		_saker_words "$(sakerc list config 2>/dev/null | cut -f1 | sed 's/$/=/')"
		;;
	-l | -M | -p | --print | --write-filter | --event | --limit) ;;
	--list)
		[[ -n $joined ]] || return
		_saker_words "syscall k8s_audit"
		;;
	*) [[ -n $joined ]] ;;
	esac
}
_saker() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} inline="" joined=""
	local options="-h --help -c --dry-run -e -L -l --list --list-events --format --markdown -N -M -o --option -p --print -P --pidfile -r -U --unbuffered
		-V --validate -v --version -w --gzip --write-filter --event --limit --config-schema --rule-schema --page-size"
	COMPREPLY=()
	# OPTION=VALUE is three words where = breaks words, as it does by default, and else one.
	if [[ $cur == --*=* ]]; then
		prev=${cur%%=*} inline=${cur%%=*}= cur=${cur#*=} joined=1
	elif [[ $cur == "=" ]]; then
		cur="" joined=1
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]} joined=1
	fi
	_saker_value "$prev" && return
	if [[ $cur == -* ]]; then
		_saker_words "$options"
	elif [[ $COMP_CWORD -eq 1 ]]; then
		_saker_words "why $options"
	else
		_saker_files
	fi
}
complete -F _saker saker
