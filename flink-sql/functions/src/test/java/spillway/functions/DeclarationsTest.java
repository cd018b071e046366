package spillway.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.StateHint;
import org.junit.jupiter.api.Test;

/** What functions.json tells the command line is what the function declares. */
class DeclarationsTest {

    @Test
    void functionsJsonSaysWhatTheFunctionDeclares() throws Exception {
        String json = Files.readString(Path.of("src/main/resources/spillway/functions/functions.json"));
        List<String> state = new ArrayList<>();
        List<String> output = new ArrayList<>();
        for (Parameter parameter : eval().getParameters()) {
            if (parameter.isAnnotationPresent(ArgumentHint.class)) {
                Affects affects = parameter.getAnnotation(Affects.class);
                (affects == null || affects.value() == Affects.What.STATE ? state : output).add(parameter.getName());
            }
        }
        for (EntryColumn column : EntryColumn.values()) {
            (column.affects == Affects.What.STATE ? state : output).add(column.name().toLowerCase(Locale.ROOT));
        }
        assertEquals(state, listed(json, "state"));
        assertEquals(output, listed(json, "output"));
    }

    /** Without its own, the time to live that other detections set for the job would end it by the wall clock. */
    @Test
    void theStateHasNoTimeToLive() {
        StateHint state = Arrays.stream(eval().getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(StateHint.class))
                .findFirst().orElseThrow().getAnnotation(StateHint.class);
        assertEquals("0 ms", state.ttl());
    }

    @Test
    void theRowTypeHasTheColumnsInTheirOrder() {
        String names = EntryColumn.ROW_TYPE.replaceAll("^ROW<|>$|`|\\(3\\)", "");
        List<String> inType = Arrays.stream(names.split(",")).map(column -> column.strip().split(" ")[0]).toList();
        List<String> inEnum = Arrays.stream(EntryColumn.values()).map(column -> column.name().toLowerCase(Locale.ROOT)).toList();
        assertEquals(inEnum, inType);
    }

    private static Method eval() {
        return Arrays.stream(SlidingHeat.class.getDeclaredMethods())
                .filter(method -> method.getName().equals("eval")).findFirst().orElseThrow();
    }

    private static List<String> listed(String json, String name) {
        Matcher list = Pattern.compile("\"" + name + "\":\\s*\\[([^\\]]*)\\]").matcher(json);
        list.find();
        return Arrays.stream(list.group(1).split(",")).map(item -> item.strip().replace("\"", "")).toList();
    }
}
