# sk_library(NAME target ROOT folder SOURCES files... [LIBS targets...] [PRIVATE_LIBS targets...]): a static library of the sources in a folder.
# Whoever links it can include its headers as "folder/x.h"; headers of parts that are not linked cannot be found, so a wrong arrow does not build.
function(sk_library)
	cmake_parse_arguments(L "" "NAME;ROOT" "SOURCES;LIBS;PRIVATE_LIBS" ${ARGN})
	add_library(${L_NAME} STATIC ${L_SOURCES})
	string(REGEX REPLACE "^sk_" "saker::" alias ${L_NAME})
	add_library(${alias} ALIAS ${L_NAME})
	set(root ${PROJECT_BINARY_DIR}/roots/${L_NAME})
	get_filename_component(parent ${root}/${L_ROOT} DIRECTORY)
	file(MAKE_DIRECTORY ${parent})
	file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${L_ROOT} ${root}/${L_ROOT} SYMBOLIC)
	target_include_directories(${L_NAME} PUBLIC ${root})
	target_link_libraries(${L_NAME} PUBLIC ${L_LIBS} PRIVATE sk_options ${L_PRIVATE_LIBS})
endfunction()
