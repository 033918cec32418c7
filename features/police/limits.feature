Feature: The time of the police
  Thirty days, and thirty more from the county. What an appraiser needs does not count, and when a mediation
  fails or is not kept, the thirty days begin anew.

  Background:
    Given it is Friday 1 March 2024, 10:00

  Rule: case_limit - thirty days from the failure or the breach, extended by the county
    Scenario: Not kept on the agreed day
      Given Asha and Bram agreed before Ou on something due on Monday 22 April 2024
      When it becomes Tuesday 23 April 2024, 00:00
      Then the case is "Agreement broken"
      And the audit trail dates "Agreement not kept" to Monday 22 April 2024
      And the deadline "Case to be closed" is Wednesday 22 May 2024

    Scenario: Extended by the county
      Given Asha and Bram agreed before Ou on something due on Monday 22 April 2024
      And it has become Tuesday 23 April 2024, 00:00
      When Cao gives the case thirty days more
      Then the deadline "Case to be closed" is Friday 21 June 2024

    Scenario: The station's head cannot
      Given Asha and Bram agreed before Ou on something due on Monday 22 April 2024
      And it has become Tuesday 23 April 2024, 00:00
      When Chen gives the case thirty days more
      Then it is refused because it "may extend"
      And the deadline "Case to be closed" is Wednesday 22 May 2024

    Scenario: Not twice
      Given Asha and Bram agreed before Ou on something due on Monday 22 April 2024
      And it has become Tuesday 23 April 2024, 00:00
      And Cao has given the case thirty days more
      When Cao gives the case thirty days more
      Then it is refused because it "no further extension"
      And the deadline "Case to be closed" is Friday 21 June 2024

    Scenario: Twice under the law of 2026
      Given it is Thursday 8 January 2026, 09:00
      And Ou's case between Asha and Bram goes on without mediation
      And Cao has given the case thirty days more
      When Cao gives the case thirty days more
      Then the deadline "Case to be closed" is Wednesday 8 April 2026

    Scenario: And not a third time
      Given it is Thursday 8 January 2026, 09:00
      And Ou's case between Asha and Bram goes on without mediation
      And Cao has given the case thirty days more
      And Cao has given the case thirty days more
      When Cao gives the case thirty days more
      Then it is refused because it "no further extension"

  Rule: appraisal - the days of an appraisal do not count, both ends included
    Scenario: Seventeen days in March
      Given Ou has accepted the case between Asha and Bram
      And on Monday 4 March 2024, 09:00 he has had the injury appraised
      When on Wednesday 20 March 2024, 15:00 it comes back as slight
      Then the deadline "Case to be closed" is Wednesday 17 April 2024
      And 17 of its days are shown as a pause

    Scenario: Meanwhile it stands still
      Given Ou has accepted the case between Asha and Bram
      When on Monday 4 March 2024, 09:00 he has the injury appraised
      Then the clock "Case to be closed" stands still

    Scenario: Too grave for a mediation
      Given Ou has accepted the case between Asha and Bram
      And on Monday 4 March 2024, 09:00 he has had the injury appraised
      When on Wednesday 20 March 2024, 15:00 it comes back as minor
      Then the case is closed as "Taken up as a criminal case"
      And it counts as procedural

  Rule: asked_in_time - another appraisal is asked for within three days
    Scenario: On the third day
      Given the appraisal between Asha and Bram came back on Monday 18 March 2024, 15:00
      And it has become Thursday 21 March 2024, 16:00
      When Asha asks for another appraisal
      Then the county has to decide on another appraisal

    Scenario: On the fourth
      Given the appraisal between Asha and Bram came back on Monday 18 March 2024, 15:00
      And it has become Friday 22 March 2024, 09:00
      When Asha asks for another appraisal
      Then it is refused under "asked_in_time"

  Rule: once_more - there is one more, and no third
    Scenario: The county grants it
      Given the appraisal between Asha and Bram came back on Monday 18 March 2024, 15:00
      And Asha has asked for another appraisal
      When Cao grants it
      Then the case is "Being appraised"

    Scenario: A third
      Given the appraisal between Asha and Bram came back on Monday 18 March 2024, 15:00
      And Asha has asked for another appraisal
      And Cao has granted it and it has come back as slight
      When Asha asks for another appraisal
      Then it is refused under "asked_in_time" and "once_more"

    Scenario: The county refuses it in writing
      Given the appraisal between Asha and Bram came back on Monday 18 March 2024, 15:00
      And Asha has asked for another appraisal
      When Cao refuses it
      Then Asha and Bram have the "Notice that there is no other appraisal"

  Rule: first - the first mediation is held within three working days of acceptance or of the appraisal
    Scenario: Proposed on the day of acceptance
      When Ou's case between Asha and Bram comes into its first mediation
      Then the deadline "First mediation" is Wednesday 6 March 2024

  Rule: transfer - what is not ours is passed on within 24 hours, and the receiver answers for it until then
    Scenario: After twenty-three hours
      Given Ou has passed a blow in another county on to it
      When it becomes Saturday 2 March 2024, 09:00
      Then Ou was reminded once of "To be passed on or accepted"
      And the deadline "To be passed on or accepted" is not late yet

    Scenario: Nobody takes it over for a day
      Given Ou has passed a blow in another county on to it
      When it becomes Saturday 2 March 2024, 10:01
      Then the deadline "To be passed on or accepted" is late
      And Sworn officer still answers for it

  Rule: back_once - it is sent back once, then a common superior decides
    Scenario: Passed on a second time
      Given Ou has passed a blow in another county on to it
      And the other county has sent it back
      When Ou passes it on to the other county
      Then it is refused under "back_once"
