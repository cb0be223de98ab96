//! Words of everyday use, mostly of closed classes, and letters that only one language writes.

use crate::persona::Language;

/// The languages written in Latin letters: their words, sorted, and their own letters.
pub(super) const LATIN: [(Language, &[&str], &str); 7] = [
    (Language::English, ENGLISH, ""),
    (Language::Spanish, SPANISH, "ñ¿¡"),
    (Language::French, FRENCH, "œçêèëîïû"),
    (Language::German, GERMAN, "ßäöü"),
    (Language::Portuguese, PORTUGUESE, "ãõ"),
    (Language::Indonesian, INDONESIAN, ""),
    (Language::Vietnamese, VIETNAMESE, "ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"),
];

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "about", "after", "again", "all", "also", "always", "am", "an", "and", "any", "anything", "are",
    "around", "as", "at", "back", "bc", "because", "been", "before", "being", "birthday", "but",
    "by", "came", "can", "can't", "cant", "could", "dad", "day", "days", "did", "didn't", "do",
    "does", "doesn't", "doing", "don't", "dont", "down", "even", "every", "everyone", "everything",
    "fav", "feel", "first", "for", "found", "friend", "from", "gave", "get", "getting", "give",
    "go", "going", "gonna", "good", "got", "had", "happy", "has", "have", "haven't", "he", "hello",
    "her", "here", "hes", "him", "his", "hour", "how", "i", "i'm", "i've", "idk", "if", "im", "in",
    "into", "is", "isn't", "it", "it's", "its", "ive", "just", "keeps", "know", "last", "left",
    "let", "like", "look", "lost", "love", "made", "make", "man", "many", "me", "mom", "month",
    "more", "much", "my", "need", "never", "new", "next", "no", "nobody", "not", "nothing", "now",
    "of", "off", "ok'd", "old", "on", "one", "only", "or", "our", "out", "over", "play", "please",
    "pls", "ppl", "read", "really", "rn", "said", "saw", "say", "school", "see", "sent", "she",
    "shes", "should", "so", "some", "someone", "something", "song", "still", "take", "talk", "tell",
    "than", "thank", "thanks", "that", "that's", "thats", "the", "their", "them", "then", "there",
    "theres", "they", "they're", "thing", "think", "this", "those", "though", "thought", "time",
    "to", "today", "tomorrow", "tonight", "too", "tried", "two", "u", "until", "up", "ur", "us",
    "very", "wait", "wanna", "want", "was", "wasn't", "way", "we", "week", "went", "were", "what",
    "what's", "whats", "when", "where", "which", "while", "who", "why", "will", "with", "won't",
    "work", "would", "yeah", "year", "yesterday", "you", "you're", "your", "youre",
];

#[rustfmt::skip]
const SPANISH: &[&str] = &[
    "ahora", "ahí", "al", "algo", "amo", "aquí", "así", "aunque", "bien", "buenas", "bueno",
    "buenos", "cada", "canción", "casi", "como", "con", "creo", "cuando", "cuanto", "cuál",
    "cuándo", "cuánto", "cómo", "de", "del", "desde", "dia", "donde", "dos", "día", "días", "dónde",
    "e", "el", "ella", "ellos", "en", "entonces", "era", "eres", "es", "esa", "ese", "eso", "esta",
    "estar", "estas", "este", "esto", "estoy", "está", "están", "fue", "gracias", "gusta", "gustan",
    "ha", "hablar", "hablas", "hace", "hacer", "hasta", "hay", "hola", "hoy", "igual", "ir", "la",
    "las", "le", "les", "lo", "los", "mañana", "me", "mejor", "mi", "mis", "mucha", "mucho", "muy",
    "más", "nada", "ni", "no", "noche", "nos", "nosotros", "nunca", "o", "otra", "otro", "para",
    "pero", "poco", "por", "porque", "puede", "puedes", "puedo", "pues", "que", "quien", "quieres",
    "quiero", "quién", "qué", "se", "ser", "si", "siempre", "sin", "sobre", "solo", "son", "soy",
    "su", "sus", "sé", "sí", "tal", "también", "tan", "te", "tengo", "ti", "tiene", "tienes",
    "todo", "todos", "tu", "tú", "un", "una", "uno", "usted", "va", "vamos", "ver", "vez", "vida",
    "vos", "voy", "ya", "yo", "él",
];

#[rustfmt::skip]
const FRENCH: &[&str] = &[
    "ai", "aime", "aimes", "alors", "as", "au", "aujourd'hui", "aussi", "autre", "aux", "avec",
    "avez", "avoir", "beaucoup", "bien", "bonjour", "bonne", "bonsoir", "c'est", "ce", "cela",
    "ces", "cet", "cette", "chanson", "chaque", "chose", "comme", "comment", "contre", "d'accord",
    "dans", "de", "depuis", "des", "deux", "dire", "dis", "dit", "donc", "du", "elle", "elles",
    "en", "encore", "est", "et", "eu", "eux", "faire", "fait", "fois", "hier", "ici", "il", "ils",
    "j'adore", "j'ai", "j'aime", "jamais", "je", "jour", "juste", "l'ai", "la", "le", "les", "leur",
    "lui", "là", "ma", "mais", "me", "merci", "mes", "moi", "moins", "mon", "même", "n'ai", "n'est",
    "ne", "nos", "notre", "nous", "on", "ont", "ou", "où", "par", "parce", "parle", "parler",
    "parles", "pas", "pendant", "peu", "peut", "peux", "plus", "pour", "pourquoi", "pouvez", "près",
    "qu'est", "qu'il", "quand", "que", "quel", "quelle", "quelque", "qui", "quoi", "rien", "s'il",
    "sa", "salut", "sans", "se", "ses", "si", "soir", "son", "sont", "sous", "suis", "sur", "ta",
    "te", "tes", "toi", "ton", "toujours", "tous", "tout", "toute", "trop", "très", "tu", "un",
    "une", "va", "vais", "veux", "vie", "vient", "voir", "vos", "votre", "vous", "vraiment", "y",
    "à", "ça", "été", "être",
];

#[rustfmt::skip]
const GERMAN: &[&str] = &[
    "ab", "aber", "alle", "alles", "als", "also", "am", "an", "auch", "auf", "aus", "bei", "bin",
    "bis", "bist", "bitte", "danke", "dann", "das", "dass", "dein", "deine", "dem", "den", "denn",
    "der", "des", "dich", "die", "diese", "dieser", "dir", "doch", "du", "ein", "eine", "einem",
    "einen", "einer", "er", "es", "etwas", "euch", "freue", "für", "ganz", "gar", "gehe", "geht",
    "gern", "gerne", "gestern", "gibt", "gut", "guten", "hab", "habe", "haben", "hallo", "hast",
    "hat", "hatte", "heute", "hier", "hoffe", "ich", "ihm", "ihn", "ihr", "im", "immer", "in",
    "ist", "ja", "jetzt", "kann", "kannst", "kein", "keine", "können", "liebe", "lied", "mach",
    "machen", "machst", "magst", "man", "mehr", "mein", "meine", "mich", "mir", "mit", "mochte",
    "morgen", "muss", "möchte", "nach", "nicht", "nichts", "noch", "nur", "oder", "ohne", "schon",
    "schön", "sehr", "sein", "seine", "seit", "sich", "sie", "sind", "so", "tag", "um", "und",
    "uns", "unter", "vergessen", "viel", "vom", "von", "vor", "war", "warum", "was", "weil", "weiß",
    "welche", "wenn", "wer", "wie", "wieder", "will", "willst", "wir", "wird", "wo", "wurde", "zu",
    "zum", "zur", "zwei", "über",
];

#[rustfmt::skip]
const PORTUGUESE: &[&str] = &[
    "a", "acho", "agora", "ainda", "algo", "alguém", "amo", "ao", "aos", "aqui", "as", "assim",
    "até", "bem", "boa", "bom", "cada", "coisa", "com", "como", "da", "das", "de", "demais",
    "depois", "desde", "dia", "do", "dos", "e", "ela", "ele", "eles", "em", "entre", "era", "essa",
    "esse", "estava", "este", "estou", "está", "estão", "eu", "fala", "falar", "faz", "fazer",
    "foi", "gente", "gosta", "gostei", "gosto", "hoje", "há", "isso", "já", "legal", "lá", "mais",
    "mas", "me", "melhor", "mesmo", "meu", "meus", "minha", "muita", "muito", "música", "na",
    "nada", "nas", "nem", "no", "noite", "nome", "nos", "nossa", "nosso", "nunca", "não", "o",
    "obrigada", "obrigado", "oi", "olá", "onde", "ontem", "os", "ou", "para", "pela", "pelo",
    "pode", "por", "porque", "pra", "quais", "qual", "quando", "quanto", "que", "quem", "quer",
    "quero", "saudade", "se", "sem", "sempre", "ser", "seu", "sim", "sobre", "sou", "sua", "só",
    "também", "te", "tem", "tenho", "todo", "tu", "tudo", "tá", "tão", "um", "uma", "vai", "vamos",
    "voce", "você", "vocês", "vou", "é",
];

#[rustfmt::skip]
const INDONESIAN: &[&str] = &[
    "ada", "adalah", "agar", "aja", "akan", "aku", "anda", "apa", "apakah", "atau", "bagaimana",
    "bagus", "baik", "banget", "banyak", "baru", "belum", "benar", "bener", "bersama", "bisa",
    "boleh", "buat", "bukan", "cinta", "dalam", "dan", "dari", "dengan", "di", "dia", "dong",
    "enak", "ga", "gak", "gimana", "gue", "hai", "hari", "harus", "ingin", "ini", "itu", "jadi",
    "jangan", "jika", "juga", "kabar", "kalau", "kalian", "kami", "kamu", "kan", "karena", "kasih",
    "ke", "kenapa", "kepada", "kerja", "kita", "kok", "kuliah", "lagi", "lagu", "lagunya", "lah",
    "lalu", "lebih", "lo", "lu", "makan", "makasih", "malam", "mana", "mau", "mereka", "mungkin",
    "nama", "nggak", "nih", "nya", "oleh", "orang", "pada", "padahal", "pagi", "paling", "punya",
    "saja", "sama", "sampai", "sangat", "saya", "sedang", "sekali", "sekarang", "selamat", "semua",
    "seperti", "siapa", "sih", "sudah", "suka", "tadi", "tahu", "tapi", "tau", "telah", "tentang",
    "terima", "terlalu", "tidak", "tolong", "udah", "untuk", "yaitu", "yang",
];

#[rustfmt::skip]
const VIETNAMESE: &[&str] = &[
    "anh", "bao", "biết", "buồn", "bài", "bây", "bạn", "bị", "bởi", "cho", "chào", "chơi", "chưa",
    "chỉ", "chị", "cái", "cám", "còn", "có", "cùng", "cũng", "cảm", "cần", "của", "em", "giúp",
    "giờ", "gì", "hay", "hát", "hôm", "không", "là", "làm", "lên", "lại", "lắm", "muốn", "mà",
    "mình", "mấy", "một", "nay", "nghe", "ngày", "người", "nhiều", "nhé", "như", "nhưng", "những",
    "nào", "này", "nên", "nói", "năm", "quá", "ra", "rất", "rồi", "sao", "sẽ", "thì", "thích",
    "thấy", "thế", "trong", "tên", "tôi", "tại", "tớ", "từ", "việc", "vui", "và", "vì", "vẫn", "về",
    "với", "xin", "yêu", "à", "đang", "đi", "điều", "đâu", "đây", "đã", "đó", "được", "đến", "ơi",
    "ơn", "ạ", "ấy", "ở",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_for_the_search() {
        for (language, words, _) in LATIN {
            assert!(words.is_sorted(), "{language}");
        }
    }
}
