package spillway.runner;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The files of one application as they lie in its release: {@code application.json}, then {@code tables/*.sql},
 * then {@code detections/*.sql}.
 *
 * @param sql the SQL files' texts by their path, tables before detections, each in the order of their names
 */
record Bundle(String applicationJson, Map<String, String> sql) {

    private static final String FOLDER = "spillway/";
    private static final List<String> SQL_FOLDERS = List.of("tables/", "detections/");

    /**
     * From the JAR (or folder) on the class path that holds {@code spillway/application.json}.
     *
     * @throws DefinitionException if there is none
     */
    static Bundle ofClassPath(ClassLoader loader) {
        URL file = loader.getResource(FOLDER + ApplicationFile.PLACE);
        if (file == null) {
            throw new DefinitionException(List.of(new Problem("bundle-missing", FOLDER + ApplicationFile.PLACE, 0,
                    "this JAR holds no application: build a release with `spillway apply`, or give --application FOLDER")));
        }
        try {
            if (file.openConnection() instanceof JarURLConnection connection) {
                connection.setUseCaches(false);
                try (JarFile jar = connection.getJarFile()) {
                    return ofJar(jar);
                }
            }
            return ofFolder(Path.of(new URI(file.toString())).getParent());
        } catch (IOException | URISyntaxException cause) {
            throw unreadable(file.toString(), cause);
        }
    }

    /**
     * From an application's folder in the source tree.
     *
     * @throws DefinitionException if it cannot be read
     */
    static Bundle ofFolder(Path folder) {
        Map<String, String> files = new LinkedHashMap<>();
        try {
            for (String sqlFolder : SQL_FOLDERS) {
                Path directory = folder.resolve(sqlFolder);
                if (Files.isDirectory(directory)) {
                    try (Stream<Path> children = Files.list(directory)) {
                        for (Path child : children.filter(Files::isRegularFile).toList()) {
                            files.put(sqlFolder + child.getFileName(), Files.readString(child));
                        }
                    }
                }
            }
            return of(Files.readString(folder.resolve(ApplicationFile.PLACE)), files);
        } catch (IOException cause) {
            throw unreadable(folder.toString(), cause);
        }
    }

    private static Bundle ofJar(JarFile jar) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (JarEntry entry : jar.stream().toList()) {
            if (entry.getName().startsWith(FOLDER) && !entry.isDirectory() && entry.getName().endsWith(".sql")) {
                files.put(entry.getName().substring(FOLDER.length()), text(jar, entry));
            }
        }
        return of(text(jar, jar.getJarEntry(FOLDER + ApplicationFile.PLACE)), files);
    }

    private static Bundle of(String applicationJson, Map<String, String> files) {
        Map<String, String> sorted = new LinkedHashMap<>();
        for (String folder : SQL_FOLDERS) {
            files.keySet().stream()
                    .filter(path -> path.matches(folder + "[^/]+\\.sql"))
                    .sorted(Comparator.comparing(path -> path.substring(0, path.length() - ".sql".length())))
                    .forEach(path -> sorted.put(path, files.get(path)));
        }
        return new Bundle(applicationJson, sorted);
    }

    private static String text(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream input = jar.getInputStream(entry)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static DefinitionException unreadable(String place, Exception cause) {
        return new DefinitionException(
                new Problem("bundle-unreadable", place, 0, "the application's files cannot be read: " + cause), cause);
    }
}
