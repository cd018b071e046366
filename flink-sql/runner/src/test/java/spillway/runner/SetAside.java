package spillway.runner;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** A record of the set-aside stream, as lambdas/contracts/set-aside.ts defines it. */
record SetAside(int version, String setAsideBy, String reason, String detail, String record) {

    static SetAside read(String json) {
        JsonNode node = JsonText.read("set-aside", json).root();
        return new SetAside(
                node.path("version").asInt(),
                node.path("setAsideBy").asText(),
                node.path("reason").asText(),
                node.path("detail").asText(),
                node.path("record").asText());
    }
}
