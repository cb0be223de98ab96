//! The sizes of the tiny models, and the names of their tensors in both formats.

pub const WIDTH: usize = 64;
pub const HEADS: usize = 4;
pub const KV_HEADS: usize = 2;
/// Not what the width divided by the heads is.
pub const HEAD_DIM: usize = 32;
pub const INNER: usize = 96;
pub const LAYERS: usize = 4;
pub const KERNEL: usize = 3;

/// A tensor of a layer: its name in the folder, in the GGUF file, and its shape.
pub type Part = (&'static str, &'static str, Vec<usize>);

/// The tensors of a layer; the second layer of LFM 2 is one that attends.
pub fn parts(class: &str, layer: usize) -> Vec<Part> {
    let mut parts = vec![
        ("mlp.gate_proj.weight", "ffn_gate.weight", vec![INNER, WIDTH]),
        ("mlp.up_proj.weight", "ffn_up.weight", vec![INNER, WIDTH]),
        ("mlp.down_proj.weight", "ffn_down.weight", vec![WIDTH, INNER]),
        ("input_layernorm.weight", "attn_norm.weight", vec![WIDTH]),
        ("post_attention_layernorm.weight", "ffn_norm.weight", vec![WIDTH]),
    ];
    match class {
        "Gemma3ForCausalLM" => {
            parts[4].1 = "post_attention_norm.weight";
            parts.extend([
                ("pre_feedforward_layernorm.weight", "ffn_norm.weight", vec![WIDTH]),
                ("post_feedforward_layernorm.weight", "post_ffw_norm.weight", vec![WIDTH]),
            ]);
        }
        "Phi3ForCausalLM" => {
            parts.remove(0);
            parts[0] = ("mlp.gate_up_proj.weight", "ffn_up.weight", vec![2 * INNER, WIDTH]);
        }
        "Lfm2ForCausalLM" => {
            parts[0].0 = "feed_forward.w1.weight";
            parts[1].0 = "feed_forward.w3.weight";
            parts[2].0 = "feed_forward.w2.weight";
            parts[3].0 = "operator_norm.weight";
            parts[4].0 = "ffn_norm.weight";
        }
        _ => {}
    }
    if class == "Lfm2ForCausalLM" && layer != 1 {
        parts.extend([
            ("conv.in_proj.weight", "shortconv.in_proj.weight", vec![3 * WIDTH, WIDTH]),
            ("conv.conv.weight", "shortconv.conv.weight", vec![WIDTH, 1, KERNEL]),
            ("conv.out_proj.weight", "shortconv.out_proj.weight", vec![WIDTH, WIDTH]),
        ]);
    } else {
        parts.extend(attention(class));
    }
    parts
}

fn attention(class: &str) -> Vec<Part> {
    let (queries, keys) = (HEADS * HEAD_DIM, KV_HEADS * HEAD_DIM);
    let mut parts = match class {
        "Phi3ForCausalLM" => {
            vec![("self_attn.qkv_proj.weight", "attn_qkv.weight", vec![queries + 2 * keys, WIDTH])]
        }
        _ => vec![
            ("self_attn.q_proj.weight", "attn_q.weight", vec![queries, WIDTH]),
            ("self_attn.k_proj.weight", "attn_k.weight", vec![keys, WIDTH]),
            ("self_attn.v_proj.weight", "attn_v.weight", vec![keys, WIDTH]),
        ],
    };
    let output = match class {
        "Lfm2ForCausalLM" => "self_attn.out_proj.weight",
        _ => "self_attn.o_proj.weight",
    };
    parts.push((output, "attn_output.weight", vec![WIDTH, queries]));
    match class {
        "Qwen2ForCausalLM" => parts.extend([
            ("self_attn.q_proj.bias", "attn_q.bias", vec![queries]),
            ("self_attn.k_proj.bias", "attn_k.bias", vec![keys]),
            ("self_attn.v_proj.bias", "attn_v.bias", vec![keys]),
        ]),
        "Qwen3ForCausalLM" | "Gemma3ForCausalLM" => parts.extend([
            ("self_attn.q_norm.weight", "attn_q_norm.weight", vec![HEAD_DIM]),
            ("self_attn.k_norm.weight", "attn_k_norm.weight", vec![HEAD_DIM]),
        ]),
        "Lfm2ForCausalLM" => parts.extend([
            ("self_attn.q_layernorm.weight", "attn_q_norm.weight", vec![HEAD_DIM]),
            ("self_attn.k_layernorm.weight", "attn_k_norm.weight", vec![HEAD_DIM]),
        ]),
        _ => {}
    }
    parts
}
