import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { trialStack } from './trial-stack';

const app = new App();
trialStack(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
