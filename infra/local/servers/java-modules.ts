/** Parts of the JDK that Flink reaches into by reflection; from Java 17 on each must be opened (Flink, Java compatibility). */
const OPENED = [
  'java.lang',
  'java.net',
  'java.io',
  'java.nio',
  'sun.nio.ch',
  'java.lang.reflect',
  'java.text',
  'java.time',
  'java.util',
  'java.util.concurrent',
  'java.util.concurrent.atomic',
  'java.util.concurrent.locks',
];

const EXPORTED = [
  'java.rmi/sun.rmi.registry',
  'java.security.jgss/sun.security.krb5',
  ...['api', 'file', 'parser', 'tree', 'util'].map((name) => `jdk.compiler/com.sun.tools.javac.${name}`),
];

/** The options every Flink JVM is started with. */
export const javaModuleOptions: readonly string[] = [
  ...OPENED.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
  ...EXPORTED.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
];
