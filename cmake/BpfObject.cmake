# sk_bpf_object(NAME target OBJECT name SOURCE file DEPENDS files...): compile a BPF object and make its skeleton <name>.skel.h; TARGET carries the include path.
function(sk_bpf_object)
	cmake_parse_arguments(B "" "NAME;OBJECT;SOURCE" "DEPENDS" ${ARGN})
	if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
		set(arch arm64)
	else()
		set(arch x86)
	endif()
	set(dir ${CMAKE_CURRENT_BINARY_DIR}/${B_NAME})
	file(MAKE_DIRECTORY ${dir})
	add_custom_command(OUTPUT ${dir}/${B_OBJECT}.bpf.o
		COMMAND ${BPF_CLANG} -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_${arch} -Wall -Wno-unused-function
			-I${CMAKE_CURRENT_SOURCE_DIR}/bpf -I${PROJECT_SOURCE_DIR}/include -c ${B_SOURCE} -o ${dir}/${B_OBJECT}.full.o
		COMMAND ${BPFTOOL} gen object ${dir}/${B_OBJECT}.bpf.o ${dir}/${B_OBJECT}.full.o
		DEPENDS ${B_SOURCE} ${B_DEPENDS}
		COMMENT "BPF programs ${B_OBJECT}" VERBATIM)
	add_custom_command(OUTPUT ${dir}/${B_OBJECT}.skel.h
		COMMAND sh -c "'${BPFTOOL}' gen skeleton '${dir}/${B_OBJECT}.bpf.o' name ${B_OBJECT}_bpf > '${dir}/${B_OBJECT}.skel.h'"
		DEPENDS ${dir}/${B_OBJECT}.bpf.o VERBATIM)
	add_custom_target(${B_NAME}_skeleton DEPENDS ${dir}/${B_OBJECT}.skel.h)
	add_library(${B_NAME} INTERFACE)
	add_dependencies(${B_NAME} ${B_NAME}_skeleton)
	target_include_directories(${B_NAME} SYSTEM INTERFACE ${dir})
endfunction()
