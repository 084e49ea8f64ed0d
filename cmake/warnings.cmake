# Warnings, language level and hardening of every target of ours: link sk_options PRIVATE.
add_library(sk_options INTERFACE)
target_compile_features(sk_options INTERFACE c_std_17)
target_compile_definitions(sk_options INTERFACE _GNU_SOURCE)
target_compile_options(sk_options INTERFACE
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
	-Wundef -Wvla -Wswitch-enum -Werror=return-type)
if(SAKER_WERROR)
	target_compile_options(sk_options INTERFACE -Werror)
endif()
