# sk_add_test(NAME name SOURCES files... [LIBS targets...] [LABELS labels...] [ARGS args...]): a cmocka program and its ctest.
# A test that cannot run on a machine exits with 77 and prints the reason: ctest counts it as skipped.
function(sk_add_test)
	cmake_parse_arguments(T "" "NAME" "SOURCES;LIBS;LABELS;ARGS" ${ARGN})
	add_executable(${T_NAME} ${T_SOURCES})
	target_include_directories(${T_NAME} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
	target_link_libraries(${T_NAME} PRIVATE sk_options ${T_LIBS} cmocka)
	target_compile_definitions(${T_NAME} PRIVATE SK_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SK_BINARY_DIR="${PROJECT_BINARY_DIR}")
	add_test(NAME ${T_NAME} COMMAND ${T_NAME} ${T_ARGS} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
	set_tests_properties(${T_NAME} PROPERTIES SKIP_RETURN_CODE 77 LABELS "${T_LABELS}")
endfunction()
