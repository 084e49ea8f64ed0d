/* JSON Schema of rule files: their shape. What conditions and outputs may say is the business of `sakerc check`. */
#include "compiler/list/text.h"

#include "base/schema.h"

/* Parts of the schema, with ' for ". Scalars: YAML's words for true and numbers in quotes are fine for the compiler, but not for editors. */
static const char head[] = "{'$schema':'http://json-schema.org/draft-07/schema#','title':'Rule files of Saker','type':'array','items':{'oneOf':["
			   "{'$ref':'#/definitions/rule'},{'$ref':'#/definitions/macro'},{'$ref':'#/definitions/list'},"
			   "{'$ref':'#/definitions/engine_version'},{'$ref':'#/definitions/plugin_versions'}]},'definitions':{"
			   "'change':{'enum':['append','replace']},'replace':{'enum':['replace']},"
			   "'text':{'type':'string','minLength':1},"
			   "'scalar':{'type':['string','number','boolean']},"
			   "'scalars':{'type':'array','items':{'$ref':'#/definitions/scalar'}},";
static const char engine[] = "'engine_version':{'type':'object','required':['required_engine_version'],'properties':{"
			     "'required_engine_version':{'type':['integer','string']}},'additionalProperties':false},"
			     "'plugin':{'type':'object','required':['name','version'],'properties':{'name':{'type':'string'},'version':{'type':['string','number']},"
			     "'alternatives':{'type':'array','items':{'$ref':'#/definitions/plugin'}}},'additionalProperties':false},"
			     "'plugin_versions':{'type':'object','required':['required_plugin_versions'],'properties':{"
			     "'required_plugin_versions':{'type':'array','items':{'$ref':'#/definitions/plugin'}}},'additionalProperties':false},";
static const char items[] = "'list':{'type':'object','required':['list','items'],'properties':{'list':{'$ref':'#/definitions/text'},"
			    "'items':{'$ref':'#/definitions/scalars'},'append':{'type':'boolean'},"
			    "'override':{'type':'object','properties':{'items':{'$ref':'#/definitions/change'}},'additionalProperties':false}},"
			    "'additionalProperties':false},"
			    "'macro':{'type':'object','required':['macro','condition'],'properties':{'macro':{'$ref':'#/definitions/text'},"
			    "'condition':{'$ref':'#/definitions/text'},'append':{'type':'boolean'},"
			    "'override':{'type':'object','properties':{'condition':{'$ref':'#/definitions/change'}},'additionalProperties':false}},"
			    "'additionalProperties':false},";
static const char exception[] = "'exception':{'type':'object','required':['name'],'properties':{'name':{'$ref':'#/definitions/text'},"
				"'fields':{'oneOf':[{'type':'string'},{'type':'array','items':{'type':'string'}}]},"
				"'comps':{'oneOf':[{'type':'string'},{'type':'array','items':{'type':'string'}}]},"
				"'values':{'type':'array'}},'additionalProperties':false},";
static const char rule[] = "'rule':{'type':'object','required':['rule'],'anyOf':[{'required':['condition','output','desc','priority']},{'required':['override']},"
			   "{'required':['append']},{'required':['enabled']}],'properties':{'rule':{'$ref':'#/definitions/text'},"
			   "'desc':{'$ref':'#/definitions/text'},'condition':{'$ref':'#/definitions/text'},'output':{'$ref':'#/definitions/text'},"
			   "'enabled':{'type':'boolean'},'capture':{'type':'boolean'},'capture_duration':{'type':'integer','minimum':0},"
			   "'warn_evttypes':{'type':'boolean'},'skip-if-unknown-filter':{'type':'boolean'},'tags':{'$ref':'#/definitions/scalars'},"
			   "'exceptions':{'type':'array','items':{'$ref':'#/definitions/exception'}},'append':{'type':'boolean'},"
			   "'override':{'type':'object','properties':{'condition':{'$ref':'#/definitions/change'},'output':{'$ref':'#/definitions/change'},"
			   "'desc':{'$ref':'#/definitions/change'},'tags':{'$ref':'#/definitions/change'},'exceptions':{'$ref':'#/definitions/change'},"
			   "'priority':{'$ref':'#/definitions/replace'},'enabled':{'$ref':'#/definitions/replace'},'capture':{'$ref':'#/definitions/replace'},"
			   "'capture_duration':{'$ref':'#/definitions/replace'},'warn_evttypes':{'$ref':'#/definitions/replace'},"
			   "'skip-if-unknown-filter':{'$ref':'#/definitions/replace'}},'additionalProperties':false},";

static void
put_names(struct sk_buf *out)
{
	sk_buf_str(out, "\"priority\":{");
	sk_list_priority_schema(out);
	sk_buf_str(out, "},\"source\":{\"enum\":[");
	for (uint32_t s = 0; s < SK_SOURCE_COUNT; s++)
		sk_list_member(out, NULL, sk_source_name((enum sk_source)s));
	sk_buf_str(out, "]}");
}

void
sk_schema_rules(struct sk_buf *out)
{
	sk_list_quoted(out, head);
	sk_list_quoted(out, engine);
	sk_list_quoted(out, items);
	sk_list_quoted(out, exception);
	sk_list_quoted(out, rule);
	put_names(out);
	sk_buf_str(out, "},\"additionalProperties\":false}}}\n");
}
