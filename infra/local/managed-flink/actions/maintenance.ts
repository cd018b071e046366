import type { z } from 'zod';
import { maintenanceDescription } from '../descriptions';
import type { maintenanceRequest } from '../requests';
import type { Context } from './context';
import { refuseUnlessSettled } from './refuse-if-moved';

/** When the service may maintain the application. It makes no new version. */
export function updateMaintenance(context: Context, request: z.infer<typeof maintenanceRequest>): object {
  const application = context.store.get(request.ApplicationName);
  refuseUnlessSettled(application);
  application.maintenanceWindowStart =
    request.ApplicationMaintenanceConfigurationUpdate.ApplicationMaintenanceWindowStartTimeUpdate;
  context.store.save(application);
  return {
    ApplicationARN: application.arn,
    ApplicationMaintenanceConfigurationDescription: maintenanceDescription(application),
  };
}
