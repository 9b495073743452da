/* send.c: one letter to the mail server, by libcurl. */
#include <curl/curl.h>
#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/log.h"
#include "platform/mail/mail.h"

enum { USUAL_WAIT_MS = 30000, CONNECT_MS = 10000, REFUSED_FOR_GOOD = 550, REFUSED_LAST = 554 };

struct reading {
    const char *at;
    size_t left;
};

static size_t read_some(char *to, size_t size, size_t count, void *context)
{
    struct reading *reading = context;
    const size_t room = size * count, length = reading->left < room ? reading->left : room;
    memcpy(to, reading->at, length);
    reading->at += length;
    reading->left -= length;
    return length;
}

static void begin_curl(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT)) fatal("the network library could not start");
}

static void set_server(CURL *curl, const struct mail_settings *settings)
{
    curl_easy_setopt(curl, CURLOPT_URL, settings->server);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(settings->without_tls ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(settings->wait_ms ? settings->wait_ms : USUAL_WAIT_MS));
    if (settings->authorities) curl_easy_setopt(curl, CURLOPT_CAINFO, settings->authorities);
    if (settings->user) curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user);
    if (settings->password) curl_easy_setopt(curl, CURLOPT_PASSWORD, settings->password);
}

/* What the server said of the letter itself is final; what it says of us, or does not say, is not. */
static enum status outcome(CURL *curl, CURLcode code, struct error *error)
{
    long answer = 0;
    if (code == CURLE_OK) return STATUS_OK;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    log_line(LOG_WARNING, "mail", "curl=%d answer=%ld", (int)code, answer);
    if (answer >= REFUSED_FOR_GOOD && answer <= REFUSED_LAST)
        return error_field(error, STATUS_INPUT, "to", N_("The mail server refuses this letter for good."));
    return error_set(error, STATUS_BUSY, N_("The mail server did not take the letter: it will be tried again ({1})."),
                     curl_easy_strerror(code));
}

static enum status transfer(CURL *curl, const struct mail_settings *settings, const struct mail *mail,
                            const char *message, struct error *error)
{
    struct reading reading = {message, strlen(message)};
    struct curl_slist *to = curl_slist_append(NULL, mail->to);
    if (!to) fatal_memory(0);
    set_server(curl, settings);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, settings->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_some);
    curl_easy_setopt(curl, CURLOPT_READDATA, &reading);
    const enum status status = outcome(curl, curl_easy_perform(curl), error);
    curl_slist_free_all(to);
    return status;
}

enum status mail_send(const struct mail_settings *settings, const struct mail *mail, struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct arena *arena = arena_new();
    const char *message = NULL;
    pthread_once(&once, begin_curl);
    enum status status = settings->server ? mail_compose(arena, settings, mail, &message, error)
                                          : error_set(error, STATUS_BUSY, N_("No mail server is set: letters wait."));
    CURL *curl = status ? NULL : curl_easy_init();
    if (!status && !curl) fatal_memory(0);
    if (!status) status = transfer(curl, settings, mail, message, error);
    curl_easy_cleanup(curl);
    arena_free(&arena);
    return status;
}
