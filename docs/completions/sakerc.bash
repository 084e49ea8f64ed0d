# bash completion for sakerc
# Names of files may hold anything but line feeds; only they are escaped.
_sakerc_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -P "$inline" -f -- "$cur")
}
_sakerc_words() {
	mapfile -t COMPREPLY < <(compgen -P "$inline" -W "$1" -- "$cur")
}
_sakerc_codes() {
	sakerc list diags --names 2>/dev/null
}
# A list with commas between: the last of them, the others stay.
_sakerc_lints() {
	local before=${cur%"${cur##*,}"} words codes
	codes=$(_sakerc_codes | grep '^W03')
	words="default all none correct cost style $codes"
	cur=${cur##*,}
	[[ $cur == -* ]] && words="-correct -cost -style ${codes//W/-W}"
	inline+=$before
	compopt -o nospace 2>/dev/null
	_sakerc_words "$words"
}
# The first word that is neither an option nor the value of one, before the one that is completed.
_sakerc_command() {
	local i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-o | --output | --format | --deny | --lint | --extra-output | --dialect | --only | --no-pass | --source | --color)
			if [[ ${COMP_WORDS[i + 1]} == "=" ]]; then
				((i += 2))
			elif [[ ${COMP_WORDS[i]} != --color ]]; then
				((i += 1))
			fi
			;;
		-*) ;;
		*)
			command=${COMP_WORDS[i]}
			return
			;;
		esac
	done
}
# The value of the option OPTION; false if it has none, or none behind a blank.
_sakerc_value() {
	case $1 in
	-o | --output) _sakerc_files ;;
	--format)
		if [[ $command == list ]]; then
			_sakerc_words "text markdown json"
		else
			_sakerc_words "text json sarif junit github falco falco-json"
		fi
		;;
	--no-pass) _sakerc_words "simplify specialise order select share" ;;
	--source) _sakerc_words "syscall k8s_audit" ;;
	--dialect) _sakerc_words "saker falco" ;;
	--lint) _sakerc_lints ;;
	--deny) _sakerc_words "warnings lint $(_sakerc_codes)" ;;
	--extra-output | --only) ;;
	--color)
		[[ -n $joined ]] || return
		_sakerc_words "auto always never"
		;;
	*) [[ -n $joined ]] ;;
	esac
}
_sakerc() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command="" inline="" joined=""
	local commands="compile check fmt dump describe verify list explain schema"
	local options="-o --output --format --deny --lint --check --color --extra-output --dialect --only --no-pass --sandbox --ast --ir --code --interest --origins
		--source --names --all -h --help -V --version"
	COMPREPLY=()
	# OPTION=VALUE is three words where = breaks words, as it does by default, and else one.
	if [[ $cur == --*=* ]]; then
		prev=${cur%%=*} inline=${cur%%=*}= cur=${cur#*=} joined=1
	elif [[ $cur == "=" ]]; then
		cur="" joined=1
	elif [[ $prev == "=" ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]} joined=1
	fi
	_sakerc_command
	_sakerc_value "$prev" && return
	case $command:$cur in
	*:-*) _sakerc_words "$options" ;;
	:*) _sakerc_words "$commands" ;;
	list:*) _sakerc_words "fields events ops operators transformers diags config" ;;
	schema:*) _sakerc_words "rules config" ;;
	explain:*) _sakerc_words "$(_sakerc_codes)" ;;
	*) _sakerc_files ;;
	esac
}
complete -F _sakerc sakerc
