//! Templates for model files that bring none.
//!
//! Formats as documented by the makers of the models; written here in the shortest form that gives
//! the same text.

use crate::inference::model::tokenizer::Tokenizer;

/// The names that [`source`] knows.
pub(super) const NAMES: [&str; 7] =
    ["chatml", "llama-2", "llama-3", "gemma", "mistral", "solar", "plain"];

/// The source of a named template.
pub(super) fn source(name: &str) -> Option<&'static str> {
    Some(match name {
        "chatml" => CHATML,
        "llama-2" => LLAMA_2,
        "llama-3" => LLAMA_3,
        "gemma" => GEMMA,
        "mistral" => MISTRAL,
        "solar" => SOLAR,
        "plain" => PLAIN,
        _ => return None,
    })
}

/// The template whose control tokens the vocabulary has, or that belongs to one of the `names`; in
/// small letters.
pub(super) fn guess(tokenizer: &Tokenizer, names: &str) -> &'static str {
    let signs = [
        ("<|im_start|>", "chatml"),
        ("<start_of_turn>", "gemma"),
        ("<|start_header_id|>", "llama-3"),
        ("[INST]", "mistral"),
    ];
    let by_sign = signs.iter().find(|(token, _)| tokenizer.has_control(token));
    // SOLAR writes turns in plain words, so that only its name tells.
    let by_name = || names.contains("solar").then_some("solar");
    by_sign.map(|(_, name)| *name).or_else(by_name).unwrap_or("plain")
}

const CHATML: &str = "{% for m in messages %}\
{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}\
{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

const LLAMA_2: &str = "{% for m in messages %}\
{% if m.role == 'system' %}{{ bos_token + '[INST] <<SYS>>\\n' + m.content + '\\n<</SYS>>\\n\\n' }}\
{% elif m.role == 'user' %}\
{% if loop.index0 == 1 and messages[0].role == 'system' %}{{ m.content + ' [/INST]' }}\
{% else %}{{ bos_token + '[INST] ' + m.content + ' [/INST]' }}{% endif %}\
{% else %}{{ ' ' + m.content + ' ' + eos_token }}{% endif %}{% endfor %}";

const LLAMA_3: &str = "{{ bos_token }}{% for m in messages %}\
{{ '<|start_header_id|>' + m.role + '<|end_header_id|>\\n\\n' + m.content + '<|eot_id|>' }}\
{% endfor %}\
{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}";

const GEMMA: &str = "{{ bos_token }}{% for m in messages %}\
{% if m.role == 'system' %}{{ raise_exception('no system role') }}{% endif %}\
{{ '<start_of_turn>' + ('model' if m.role == 'assistant' else 'user') + '\\n' + m.content \
+ '<end_of_turn>\\n' }}{% endfor %}\
{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}";

const MISTRAL: &str = "{{ bos_token }}{% for m in messages %}\
{% if m.role == 'system' %}{{ raise_exception('no system role') }}\
{% elif m.role == 'user' %}{{ '[INST] ' + m.content + ' [/INST]' }}\
{% else %}{{ ' ' + m.content + eos_token }}{% endif %}{% endfor %}";

const SOLAR: &str = "{% for m in messages %}\
{% if m.role == 'system' %}{{ '### System:\\n' + m.content + '\\n\\n' }}\
{% elif m.role == 'user' %}{{ '### User:\\n' + m.content + '\\n\\n' }}\
{% else %}{{ '### Assistant:\\n' + m.content }}{% endif %}{% endfor %}\
{% if add_generation_prompt %}{{ '### Assistant:\\n' }}{% endif %}";

const PLAIN: &str = "{{ bos_token }}{% for m in messages %}\
{% if m.role == 'system' %}{{ m.content + '\\n\\n' }}\
{% elif m.role == 'user' %}{{ 'Fan: ' + m.content + '\\n' }}\
{% else %}{{ 'Idol: ' + m.content + '\\n' }}{% endif %}{% endfor %}\
{% if add_generation_prompt %}{{ 'Idol: ' }}{% endif %}";
