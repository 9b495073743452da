/* client.c: a call, its limits, and what became of it. */
#include "platform/client/client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fatal.h"
#include "platform/client/client_private.h"

enum { CONNECT_MS = 5000, TOTAL_MS = 20000, ANSWER_MOST = 256 * 1024 };

struct calling {
    const struct client_call *call;
    struct buffer *answer;
    CURL *curl;
    bool refused; /* an address that may not be called */
};

static bool is_valid(const char *url, bool private, bool with_query)
{
    CURLU *parts = curl_url();
    char *scheme = NULL, *user = NULL, *query = NULL, *fragment = NULL;
    if (!parts) fatal_memory(0);
    bool valid = curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                 curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK;
    curl_url_get(parts, CURLUPART_USER, &user, 0);
    curl_url_get(parts, CURLUPART_QUERY, &query, 0);
    curl_url_get(parts, CURLUPART_FRAGMENT, &fragment, 0);
    if (valid) valid = strcmp(scheme, "https") == 0 || (private && strcmp(scheme, "http") == 0);
    valid = valid && !user && (!query || with_query) && !fragment;
    curl_free(scheme);
    curl_free(user);
    curl_free(query);
    curl_free(fragment);
    curl_url_cleanup(parts);
    return valid;
}

bool client_address_valid(const char *url, bool private) { return is_valid(url, private, false); }

static size_t take_answer(char *bytes, size_t size, size_t count, void *context)
{
    const struct calling *calling = context;
    buffer_add(calling->answer, bytes, size * count);
    return buffer_overflowed(calling->answer) ? 0 : size * count;
}

/* The last word on where a call goes: after names were resolved. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct calling *calling = context;
    (void)purpose;
    if (!calling->call->private && !client_is_public(&address->addr)) {
        calling->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static struct curl_slist *header_list(const char *const *headers)
{
    /* Without these two curl waits a second for "100 Continue" and calls a body a form. */
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (; headers && *headers; headers++) list = curl_slist_append(list, *headers);
    if (!list) fatal_memory(0);
    return list;
}

static void set_limits(CURL *curl, const struct client_call *call)
{
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(call->connect_ms ? call->connect_ms : CONNECT_MS));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(call->total_ms ? call->total_ms : TOTAL_MS));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, call->private ? "https,http" : "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (call->authorities) curl_easy_setopt(curl, CURLOPT_CAINFO, call->authorities);
}

static void set_request(struct calling *calling, struct curl_slist *headers)
{
    const struct client_call *call = calling->call;
    CURL *curl = calling->curl;
    curl_easy_setopt(curl, CURLOPT_URL, call->url);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Maillage");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (call->body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body_length);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, calling);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, calling);
}

static enum client_outcome outcome_of(CURL *curl, CURLcode code)
{
    long sent = 0;
    if (code == CURLE_OK) return CLIENT_ANSWERED;
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
    return sent ? CLIENT_UNKNOWN : CLIENT_UNSENT;
}

static enum status tell_failure(const struct calling *calling, CURLcode code, struct error *error)
{
    if (calling->refused)
        return error_set(error, STATUS_INPUT, N_("The service's name leads to a private address: nothing was sent."));
    if (buffer_overflowed(calling->answer))
        return error_set(error, STATUS_BUSY, N_("The service's answer was too long to be read."));
    if (code == CURLE_OPERATION_TIMEDOUT)
        return error_set(error, STATUS_BUSY, N_("The service did not answer in time."));
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR)
        return error_set(error, STATUS_BUSY, N_("The service could not prove who it is: nothing was sent."));
    return error_set(error, STATUS_BUSY, N_("The service could not be reached ({1})."), curl_easy_strerror(code));
}

static void take_result(const struct calling *calling, struct arena *arena, struct client_answer *answer)
{
    long status = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(calling->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(calling->curl, CURLINFO_RETRY_AFTER, &wait);
    answer->status = (int)status;
    answer->retry_after = (int64_t)wait;
    answer->length = buffer_length(calling->answer);
    answer->body = arena_copy_bytes(arena, buffer_data(calling->answer), answer->length);
}

static void start_library(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) fatal("libcurl could not start");
}

enum status client_send(struct arena *arena, const struct client_call *call, struct client_answer *answer,
                        struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    *answer = (struct client_answer){.outcome = CLIENT_UNSENT, .body = ""};
    pthread_once(&once, start_library);
    if (!is_valid(call->url, call->private, true))
        return error_set(error, STATUS_INPUT, N_("{1} is no address of a service: write https://…"), call->url);
    struct calling calling = {.call = call,
                              .answer = buffer_new(arena, call->answer_most ? call->answer_most : ANSWER_MOST),
                              .curl = curl_easy_init()};
    if (!calling.curl) fatal_memory(0);
    struct curl_slist *headers = header_list(call->headers);
    set_limits(calling.curl, call);
    set_request(&calling, headers);
    const CURLcode code = curl_easy_perform(calling.curl);
    answer->outcome = outcome_of(calling.curl, code);
    const enum status status = code == CURLE_OK ? STATUS_OK : tell_failure(&calling, code, error);
    if (code == CURLE_OK) take_result(&calling, arena, answer);
    curl_easy_cleanup(calling.curl);
    curl_slist_free_all(headers);
    return status;
}
