use super::*;

fn found(phrase: &str, path: &str) -> bool {
    let words = Words::new(Some(path), None);
    Vocabulary::new([phrase]).expect("a phrase").find(&words, |_| true)
}

#[test]
fn phrases_are_whole_words() {
    for (phrase, path, expected) in [
        ("auth", "/authors", false),
        ("auth", "/v1/auth/x", true),
        ("api key", "/apiKeys", true),
        ("api key", "/admin_api_keys", true),
        ("api key", "/apikey", true),
        ("api key", "/api/keys", false),
        ("sign in", "/signin", true),
        ("sign in", "/SigningKeys", false),
        ("oauth", "/OAuth2/x", true),
        ("=admin", "/admins", false),
        ("=admin", "/admin/users", true),
        ("^token$", "/token", true),
        ("^token$", "/token_types", false),
        ("reset$", "/password-reset", true),
        ("oauth/token", "/oauth/token/refresh", true),
        ("oauth/token", "/oauth/{id}/token", true),
        ("oauth/token", "/oauth/x/token", false),
        ("^token$/", "/oauth/token", true),
        ("^token$/", "/oauth/token/{id}", true),
        ("^token$/", "/token/keys", false),
        ("^token$/", "/token/{id}/revoke", true),
        ("^token$/", "/token.revoke", true),
        ("^token$/", "/v1/token:revoke", true),
        ("^token$/", "/Token.json", true),
        ("^token$/", "/Tokens({id})", true),
        ("^token$//", "/oauth/token/{id}", true),
        ("^token$//", "/token/{id}/revoke", false),
        ("auth/role$//", "/auth/roles/{id}", true),
        ("auth/role$//", "/auth/role/assume", false),
        ("/session", "/api/v2/sessions/{id}", true),
        ("/session", "/{tenant}/sessions", true),
        ("/session", "/chat/sessions", false),
        ("/session", "/shop/v1/sessions", true),
        ("/session", "/shop/v1/chat/sessions", false),
        ("/setting", "/{projectId}/settings", false),
        ("password & reset", "/users/{id}/reset/password", true),
        ("password & reset", "/users/{password}/reset", false),
    ] {
        assert_eq!(found(phrase, path), expected, "{phrase} in {path}");
    }
}

#[test]
fn a_vocabulary_comes_back_as_it_was_written() {
    let phrases = ["^oauth/=token$/", "^role$//", "/session", "password & reset", "api key", "sign-in"];
    let vocabulary = Vocabulary::new(phrases).expect("phrases");
    let back = Vocabulary::from(Written::from(vocabulary.clone()));
    let told = |vocabulary: &Vocabulary| {
        let letters = |part: &Part| vocabulary.letters[part.letters()].to_owned();
        let phrase = |phrase: &Phrase| {
            let parts = &vocabulary.parts[phrase.first as usize..][..phrase.parts()];
            let parts: Vec<_> = parts.iter().map(|part| (letters(part), part.begins, part.ends, part.exact)).collect();
            (phrase.number, phrase.rest, phrase.besides, phrase.leads, phrase.behind, parts)
        };
        (vocabulary.phrases.iter().map(phrase).collect::<Vec<_>>(), vocabulary.begun, vocabulary.longest)
    };
    assert_eq!(told(&vocabulary), told(&back));
}

#[test]
fn a_phrase_without_words_is_refused() {
    assert!(Vocabulary::new(["^$"]).is_err());
    assert!(Vocabulary::new(["a*"]).is_err());
}
