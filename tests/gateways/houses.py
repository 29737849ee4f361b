# ruff: noqa: E501  # refusals read best in one line
"""Gateways by their public documents: what each refuses, in its own words, and how its models answer.

Sources: OpenAI's reference and guide on reasoning; Anthropic's "Extended thinking" and "Tool use" as LiteLLM and Bedrock
pass them on; Google's "OpenAI compatibility" and "Thought signatures"; Mistral's, DeepSeek's and Groq's references; the
chat templates of Mistral, Llama 2 and Gemma in vLLM and llama.cpp; OpenRouter's "Reasoning tokens". The words are those of their answers as users quoted them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Words = Mapping[str, str]
"""Rules by their names, with the words of the refusal."""


def plain_error(message: str) -> object:
    """As OpenAI and most others say it."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}


def google_error(message: str) -> object:
    """As Google's compatible endpoint says it."""
    return [{"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}]


def mistral_error(message: str) -> object:
    """As Mistral says it."""
    return {
        "object": "error",
        "message": message,
        "type": "invalid_request_message_order",
        "param": None,
        "code": "3230",
    }


@dataclass(frozen=True)
class Model:
    """One model of a gateway."""

    learned: Words = field(default_factory=dict)
    """What only its refusal can tell: refused once at most."""
    never: Words = field(default_factory=dict)
    """What is known of its family beforehand: never refused."""
    thinks_in: str = ""
    """The field of its thoughts; empty where it shows none."""
    signs_calls: bool = False
    wants_thoughts_back: bool = False
    """They go back with every answer of its own, as they came."""
    status: int = 400
    """Of its refusals."""


@dataclass(frozen=True)
class House:
    """One gateway."""

    base_url: str
    models: Mapping[str, Model]
    never: Words
    """What it refuses of every model, and everybody knows: never refused."""
    error: Callable[[str], object] = plain_error
    id_of_a_call: str = "call_{n:024d}"


EVERYBODY: Words = {
    "begins_with_a_question": "The first message must be a user message.",
    "roles_alternate": "Conversation roles must alternate user/assistant/user/assistant/...",
    "ends_with_a_question": "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant",
    "calls_follow_a_question_or_a_result": "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
    "every_call_has_its_result": "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {id}",
    "no_blank_words": "messages: text content blocks must contain non-whitespace text",
    "no_blank_results": "messages.{at}.content: tool result must not be empty",
    "ids_of_forty": "Invalid 'messages[{at}].tool_calls[0].id': string too long. Expected a string with maximum length 40, but got a string with length {length} instead.",
    "ids_of_plain_characters": "messages.{at}.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
    "ids_differ": "messages: `tool_use` ids must be unique",
    "names_are_plain": "Invalid 'messages[1].tool_calls[0].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
    "arguments_are_objects": "messages.{at}.tool_calls.0.function.arguments: Input should be a valid dictionary",
}

OPENAI = House(
    "https://api.openai.com/v1",
    never=EVERYBODY,
    models={
        "gpt-5.1": Model(
            {
                "no_temperature": "Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported.",
                "no_top_p": "Unsupported parameter: 'top_p' is not supported with this model.",
                "no_max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            },
            {f"no_{name}": "Unknown parameter: 'messages[{at}].{name}'." for name in ("reasoning", "reasoning_content", "thinking_blocks", "extra_content")},
        ),
        "gpt-3.5-turbo": Model(
            {
                "no_pictures": "Invalid content type. image_url is only supported by certain models.",
                "no_reasoning_effort": "Unrecognized request argument supplied: reasoning_effort",
            }
        ),
        "o1-mini": Model(
            {
                "no_system_prompt": "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
                "no_tools": "Unsupported parameter: 'tools' is not supported with this model.",
                "no_temperature": "Unsupported parameter: 'temperature' is not supported with this model.",
                "no_max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            }
        ),
    },
)  # fmt: skip

CLAUDE: Words = {
    "calls_only_with_tools": "litellm.UnsupportedParamsError: Bedrock doesn't support tool calling without `tools=` param specified. Pass `tools=` param OR set `litellm.modify_params = True`",
    "thoughts_are_signed": "litellm.BadRequestError: AnthropicException - messages.{at}.content.0: Invalid `signature` in `thinking` block",
}

LITELLM = House(
    "http://litellm.internal:4000",
    never=EVERYBODY,
    id_of_a_call="toolu_01{n:022d}",
    models={
        "bedrock/us.anthropic.claude-sonnet-4-5": Model(
            {
                "rounds_begin_with_a_thought": "litellm.BadRequestError: BedrockException - messages.{at}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).",
                "temperature_or_top_p": "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
                "no_seed": "litellm.UnsupportedParamsError: bedrock does not support parameters: ['seed'], for model=us.anthropic.claude-sonnet-4-5.",
            },
            CLAUDE,
            thinks_in="thinking_blocks",
            wants_thoughts_back=True,
        ),
        "fast": Model(
            {
                "no_question_after_a_result": "litellm.BadRequestError: MistralException - Unexpected role 'user' after role 'tool'",
                "ids_of_nine": "litellm.BadRequestError: MistralException - Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9.",
                "no_pictures": "litellm.BadRequestError: MistralException - Image input is not enabled for this model",
                "no_stream_options": "stream_options: Extra inputs are not permitted",
            }
        ),
    },
)  # fmt: skip

GOOGLE = House(
    "https://generativelanguage.googleapis.com/v1beta/openai",
    never={**EVERYBODY, **{f"no_{name}": "Invalid JSON payload received. Unknown name \"{name}\" at 'messages[{at}]': Cannot find field." for name in ("reasoning_details", "thinking_blocks", "reasoning")}},
    error=google_error,
    id_of_a_call="function-call-{n:032d}",
    models={
        "gemini-3-pro-preview": Model(
            {"no_seed": "Invalid JSON payload received. Unknown name \"seed\": Cannot find field."},
            {
                "every_call_is_signed": "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:{name}` , position 2.",
                "signatures_of_calls_are_its_own": "Corrupted thought signature.",
            },
            signs_calls=True,
        ),
        "models/gemma-3-27b-it": Model(
            {"no_tools": "Function calling is not enabled for models/gemma-3-27b-it"},
            {"no_system_prompt": "Developer instruction is not enabled for models/gemma-3-27b-it"},
        ),
    },
)  # fmt: skip

MISTRAL = House(
    "https://api.mistral.ai/v1",
    never={
        **EVERYBODY,
        "no_question_after_a_result": "Unexpected role 'user' after role 'tool'",
        "ids_of_nine": "Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9.",
        **{f"no_{name}": "messages.{at}.assistant.{name}: Extra inputs are not permitted" for name in ("reasoning_content", "reasoning", "reasoning_details", "thinking_blocks", "extra_content")},
    },
    error=mistral_error,
    id_of_a_call="m{n:08d}",
    models={
        "mistral-large-latest": Model({"no_seed": "seed: Extra inputs are not permitted", "no_reasoning_effort": "reasoning_effort: Extra inputs are not permitted"}),
        "codestral-latest": Model({"no_pictures": "Image input is not enabled for this model", "no_files": "File input is not enabled for this model", "no_sound": "Audio input is not enabled for this model", "no_stream_options": "stream_options: Extra inputs are not permitted"}),
    },
)  # fmt: skip

DEEPSEEK = House(
    "https://api.deepseek.com",
    never=EVERYBODY,
    id_of_a_call="call_00_{n:024d}",
    models={
        "deepseek-v4-pro": Model(
            {
                "no_pictures": "Failed to deserialize the JSON body into the target type: messages[{at}]: unknown variant `image_url`, expected `text` at line 1 column 690848",
                "no_files": "Failed to deserialize the JSON body into the target type: messages[{at}]: unknown variant `file`, expected `text` at line 1 column 690848",
                "no_sound": "Failed to deserialize the JSON body into the target type: messages[{at}]: unknown variant `input_audio`, expected `text` at line 1 column 690848",
            },
            {"every_answer_with_its_reasoning": "The `reasoning_content` in the thinking mode must be passed back to the API."},
            thinks_in="reasoning_content",
            wants_thoughts_back=True,
        ),
        "deepseek-reasoner": Model(
            {
                "no_pictures": "Failed to deserialize the JSON body into the target type: messages[{at}]: unknown variant `image_url`, expected `text` at line 1 column 99",
                "every_call_with_its_reasoning": "Missing `reasoning_content` field in the assistant message at message index {at}. For more information, please refer to https://api-docs.deepseek.com/guides/thinking_mode#tool-calls",
            },
            thinks_in="reasoning_content",
        ),
        "deepseek-r1": Model(
            {"no_pictures": "messages[{at}]: invalid type: sequence, expected a string at line 1 column 2901"},
            {"no_reasoning_content": "The reasoning_content is an intermediate result for display purposes only and will not be included in the context for inference. Please remove the reasoning_content from your message to reduce network traffic."},
            thinks_in="reasoning_content",
        ),
    },
)  # fmt: skip

GROQ = House(
    "https://api.groq.com/openai/v1",
    never=EVERYBODY,
    id_of_a_call="chatcmpl-tool-{n:032x}",
    models={
        "qwen/qwen3-32b": Model(
            {
                "no_reasoning_content": "'messages.{at}' : for 'role:assistant' the following must be satisfied[('messages.{at}' : property 'reasoning_content' is unsupported)]",
                **dict.fromkeys(("no_pictures", "no_files", "no_sound"), "messages[{at}].content must be a string"),
            },
            thinks_in="reasoning_content",
        ),
        "openai/gpt-oss-20b": Model(
            {"no_reasoning": "'messages.{at}' : for 'role:assistant' the following must be satisfied[('messages.{at}' : property 'reasoning' is unsupported)]"},
            thinks_in="reasoning",
        ),
        "gemma2-9b-it": Model(
            {"no_tools": "`tool calling` is not supported with this model", "no_pictures": "messages[{at}].content must be a string"},
            {"no_system_prompt": "System role not supported"},
        ),
    },
)  # fmt: skip

OPENROUTER = House(
    "https://openrouter.ai/api/v1",
    never=EVERYBODY,
    error=lambda message: {"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": message}}},
    id_of_a_call="toolu_vrtx_01{n:020d}",
    models={
        "anthropic/claude-opus-4.5": Model(
            {"temperature_or_top_p": "`temperature` and `top_p` cannot both be specified for this model. Please use only one."},
            {
                "thoughts_are_signed": "messages.{at}.content.0: Invalid `signature` in `thinking` block",
                "calls_only_with_tools": "Requests which include `tool_use` or `tool_result` blocks must define tools",
            },
            thinks_in="reasoning_details",
            wants_thoughts_back=True,
        ),
        "z-ai/glm-4.6": Model(
            {"no_reasoning_details": "messages.{at}.assistant.reasoning_details: Extra inputs are not permitted"},
            thinks_in="reasoning_details",
        ),
        "meta-llama/llama-2-70b-chat": Model(
            {"no_tools": "No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing", "no_pictures": "No endpoints found that support image input", "no_files": "No endpoints found that support file input", "no_sound": "No endpoints found that support input audio"},
            status=404,
        ),
    },
)  # fmt: skip

LOCAL = House(
    "http://127.0.0.1:8080/v1",
    never=EVERYBODY,
    id_of_a_call="",
    models={
        "local-chat-9b.Q4_K_M.gguf": Model(
            {"no_pictures": "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj", "no_files": "unsupported content[].type: file", "no_sound": "audio input is not supported - hint: if this is unexpected, you may need to provide the mmproj", "no_system_prompt": "System role not supported"},
            status=500,
        ),
        "mistral-7b-instruct-v0.2": Model(
            {"no_system_prompt": "Conversation roles must alternate user/assistant/user/assistant/...", "no_tools": "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set", "no_pictures": "mistral-7b-instruct-v0.2 is not a multimodal model"},
        ),
    },
)  # fmt: skip

HOUSES = (OPENAI, LITELLM, GOOGLE, MISTRAL, DEEPSEEK, GROQ, OPENROUTER, LOCAL)
