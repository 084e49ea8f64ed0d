/* JSON Schema of rule files: their shape. What conditions and outputs may say is the business of `sakerc check`. */
#include "compiler/list/text.h"

#include "base/schema.h"

/* Parts of the schema, with ' for ". Scalars: YAML's words for true and numbers in quotes are fine for the compiler, but not for editors. */
static const char head[] = "{'$schema':'http://json-schema.org/draft-07/schema#','title':'Rule files of Saker','type':'array','items':{'type':'object',"
			   /* By the key that begins the item, so that an editor complains of the item's own mistake and not that no kind fits. */
			   "'if':{'required':['rule']},'then':{'$ref':'#/definitions/rule'},'else':{"
			   "'if':{'required':['macro']},'then':{'$ref':'#/definitions/macro'},'else':{"
			   "'if':{'required':['list']},'then':{'$ref':'#/definitions/list'},'else':{"
			   "'if':{'required':['required_engine_version']},'then':{'$ref':'#/definitions/engine_version'},'else':{"
			   "'$ref':'#/definitions/plugin_versions'}}}}},'definitions':{"
			   "'change':{'enum':['append','replace']},'replace':{'enum':['replace']},"
			   "'text':{'type':'string','minLength':1},"
			   "'scalar':{'type':['string','number','boolean']},"
			   "'scalars':{'type':'array','items':{'$ref':'#/definitions/scalar'}},";
static const char engine[] = "'engine_version':{'type':'object','required':['required_engine_version'],'properties':{"
			     "'required_engine_version':{'type':['integer','string'],'pattern':'^[0-9]+([.][0-9]+[.][0-9]+.*)?$'}},'additionalProperties':false},"
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
				"'comps':{'oneOf':[{'$ref':'#/definitions/comp'},{'type':'array','items':{'$ref':'#/definitions/comp'}}]},"
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

/* Operators that compare, alone or with oneof, anyof, allof behind them. */
static void
put_comps(struct sk_buf *out)
{
	static const char *const tokens[] = {
#define SK_CMP(sym, token, rhs, types) token,
#include <saker/cmps.def>
#undef SK_CMP
	};

	sk_buf_str(out, "\"comp\":{\"type\":\"string\",\"pattern\":\"^(==");
	for (size_t i = 0; i < SK_COUNTOF(tokens); i++)
		if (i != SK_CMP_EXISTS)
			sk_buf_printf(out, "|%s", tokens[i]);
	sk_buf_str(out, ")( +(oneof|anyof|allof))?$\"},");
}

void
sk_schema_rules(struct sk_buf *out)
{
	sk_list_quoted(out, head);
	sk_list_quoted(out, engine);
	sk_list_quoted(out, items);
	put_comps(out);
	sk_list_quoted(out, exception);
	sk_list_quoted(out, rule);
	put_names(out);
	sk_buf_str(out, "},\"additionalProperties\":false}}}\n");
}
