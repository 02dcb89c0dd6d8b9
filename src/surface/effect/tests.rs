use super::*;
use crate::surface::words::Words;

#[test]
fn verbs_can_be_looked_up() {
    assert!(verb::DESTRUCTIVE.is_sorted() && verb::READ.is_sorted() && verb::WRITE.is_sorted());
}

#[test]
fn verbs_count_where_verbs_stand() {
    for (method, path, name, effect) in [
        ("GET", "/orders", "listOrders", Effect::Read),
        ("GET", "/removed-items", "getRemovedItems", Effect::Read),
        ("GET", "/orders/cancelled", "listCancelledOrders", Effect::Read),
        ("GET", "/stops", "listStops", Effect::Read),
        ("GET", "/items/delete", "deleteItem", Effect::Destructive),
        ("POST", "/orders", "createOrder", Effect::Write),
        ("POST", "/orders/search", "searchOrders", Effect::Read),
        ("POST", "/transactions/get", "transactionsGet", Effect::Read),
        ("POST", "/orders/{id}/cancel", "cancelOrder", Effect::Destructive),
        ("POST", "/flows/bulk_delete", "bulkDeleteFlows", Effect::Destructive),
        ("POST", "/reactions.remove", "reactions_remove", Effect::Destructive),
        ("POST", "/v1/items:purge", "Items_Purge", Effect::Destructive),
        ("PUT", "/plans/{id}/cancellation", "cancelPlan", Effect::Destructive),
        ("PUT", "/users/{id}", "updateUser", Effect::Write),
        ("DELETE", "/users/{id}", "deleteUser", Effect::Destructive),
        ("POST", "/reports", "createReport", Effect::Write),
        ("GET", "/stop-points/{id}", "StopPoint_GetById", Effect::Read),
        ("GET", "/bulk_send_lists", "BulkSend_GetLists", Effect::Read),
        ("POST", "/nodes/{id}/reboot", "ComputeNode_Reboot", Effect::Write),
        ("POST", "/checks", "Check Configurations_Add", Effect::Write),
        ("POST", "/{id}/isMemberOf", "Groups_IsMemberOf", Effect::Read),
        ("POST", "/files/permanently_delete", "files_permanently_delete", Effect::Destructive),
        ("POST", "/users/names", "post_users_names", Effect::Write),
        ("POST", "/users/search", "post_users_search", Effect::Read),
        ("POST", "/messages/{id}/read", "messages_read", Effect::Write),
        ("POST", "/messages/all/read", "read", Effect::Write),
        ("POST", "/webhooks/{id}/test", "testWebhook", Effect::Write),
        ("POST", "/nodes/{id}/recycle", "recycleNode", Effect::Destructive),
        ("POST", "/expressions/test", "testExpression", Effect::Read),
        ("POST", "/convert", "convertDocument", Effect::Read),
        ("POST", "/leads/{id}/convert", "convertLead", Effect::Write),
        ("POST", "/users/submit_delete_job", "submitDeleteJob", Effect::Destructive),
    ] {
        assert_eq!(infer(Some(method), Some(path), Some(name), ""), Some(effect), "{method} {path} {name}");
    }
}

#[test]
fn a_sentence_tells_where_no_verb_stands() {
    for (method, path, says, effect) in [
        ("POST", "/accounts/balance", "Returns the balance of each account", Effect::Read),
        ("POST", "/transactions/sync", "Get transactions since the last call", Effect::Read),
        ("POST", "/embeddings", "Creates an embedding", Effect::Write),
        ("POST", "/members/leave", "Removes the caller from the group", Effect::Destructive),
        ("GET", "/items/{id}/archive", "Get an archive of the files", Effect::Read),
        ("GET", "/messages/send", "Sends a message", Effect::Write),
        ("POST", "/login", "Returns a token", Effect::Write),
        ("POST", "/{user}/authenticate", "Gets a token", Effect::Write),
        ("POST", "/hooks/{id}/ping", "Pings a webhook", Effect::Write),
        ("POST", "/email/test", "Send a test email", Effect::Write),
        ("POST", "/email/test", "Checks the settings of the mail server", Effect::Read),
        ("POST", "/notifications/all", "addNotificationsAllRead()", Effect::Write),
        ("POST", "/oauth2/token", "Get an access token", Effect::Write),
        ("POST", "/carts/{id}/checkout", "Check out a cart", Effect::Write),
        ("POST", "/search/reindex", "", Effect::Write),
        ("POST", "/verify", "Starts a verification", Effect::Write),
        ("POST", "/addresses/verify", "Verify an address", Effect::Read),
        ("POST", "/operations/stat", "", Effect::Read),
        ("POST", "/rooms/{id}/kick", "", Effect::Destructive),
    ] {
        assert_eq!(infer(Some(method), Some(path), None, says), Some(effect), "{method} {path} {says}");
    }
}

#[test]
fn a_tool_is_judged_by_its_name() {
    assert_eq!(infer(None, None, Some("delete_file"), ""), Some(Effect::Destructive));
    assert_eq!(infer(None, None, Some("github.list_issues"), ""), Some(Effect::Read));
    assert_eq!(infer(None, None, Some("check_create"), ""), Some(Effect::Write));
    assert_eq!(infer(None, None, Some("check_status"), ""), Some(Effect::Read));
    assert_eq!(infer(None, None, Some("weather"), ""), None);
    assert_eq!(infer(None, None, Some("weather"), "Returns the weather"), Some(Effect::Read));
}

#[test]
fn a_post_adds_or_amends() {
    for (path, name, says, change) in [
        ("/orders", "createOrder", "", Change::Create),
        ("/orders", "", "", Change::Create),
        ("/orders/{id}", "", "", Change::Amend),
        ("/orders/{id}", "", "Updates the order", Change::Amend),
        ("/orders/{id}", "createOrder", "", Change::Create),
        ("/orders/{key}", "", "Create an order", Change::Create),
        ("/orders/{id}/items", "", "", Change::Create),
        ("/comments.edit", "comments_edit", "", Change::Amend),
        ("/reminders.complete", "", "", Change::Amend),
        ("/messages/{id}/send", "", "", Change::Create),
        ("/orders/{id}", "postOrder", "", Change::Amend),
    ] {
        let words = Words::new(None, Some(name));
        let found = change_of(path, Some(words.run(0)), says);
        assert_eq!(found, Some(change), "{path} {name} {says}");
    }
}

fn change_of(path: &str, name: Option<Run<'_>>, says: &str) -> Option<Change> {
    super::change(Some("POST"), Some(path), name, says, Some(Effect::Write))
}

#[test]
fn it_is_known_who_tells() {
    for (path, name, says, teller) in [
        ("/orders/search", None, "", Teller::Verb),
        ("/accounts/balance", None, "Returns the balance", Teller::Text(Effect::Read)),
        ("/builds", Some("Builds_Queue"), "Queues a build", Teller::Verb),
        ("/users/affiliation", Some("post_users_affiliation"), "User affiliation", Teller::Nobody),
        ("/select", Some("Select"), "The operation returns rows", Teller::Nobody),
    ] {
        assert_eq!(super::teller(Some(path), name, says), teller, "{path} {name:?} {says}");
    }
}
